#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Files
#AnsibleRequires -PowerShell ..module_utils._GoEnv

$spec = @{
    options = @{
        action = @{
            type = 'str'
            required = $true
            choices = 'read', 'write'
        }
        scope = @{
            type = 'str'
            default = 'user'
            choices = 'user', 'machine'
        }
        files = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        go_env_file = @{
            type = 'bool'
            default = $false
        }
        writes = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                path = @{
                    type = 'str'
                    required = $true
                }
                before = @{
                    type = 'str'
                    required = $true
                }
                content = @{
                    type = 'str'
                    no_log = $true
                }
            }
        }
        values = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                name = @{
                    type = 'str'
                    required = $true
                }
                kind = @{
                    type = 'str'
                    required = $true
                    choices = 'String', 'ExpandString', 'none'
                }
                data = @{
                    type = 'str'
                    default = ''
                }
            }
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$scope = $module.Params.scope
$writes = $module.Params.writes
$values = $module.Params.values

if ($module.Params.action -eq 'read') {
    try {
        $module.Result.files = @($module.Params.files | ForEach-Object { Read-GopheropsFile -Path $_ -ErrorAction Stop })
        $module.Result.values = Get-GopheropsEnvironmentValue -Scope $scope
        if ($module.Params.go_env_file) {
            # os.UserConfigDir is %AppData%; GOENV moves the file or, with "off", takes it away.
            $path = $env:GOENV
            if ([String]::IsNullOrEmpty($path)) {
                $path = [IO.Path]::Combine($env:APPDATA, 'go', 'env')
            }
            if ($path -eq 'off') {
                $module.Result.go_env_file = @{ asked = $path; path = $path; content = $null }
            }
            else {
                $module.Result.go_env_file = Read-GopheropsFile -Path $path -ErrorAction Stop
            }
        }
    }
    catch {
        $module.FailJson("Failed to read the environment of the $($scope): $_", $_)
    }
    $module.ExitJson()
}

$module.Result.changed = ($writes.Count + $values.Count) -gt 0
# All files are compared before the first is written: half an environment helps nobody.
foreach ($write in $writes) {
    if ((Get-GopheropsDigest -Path $write.path) -ne $write.before) {
        $module.FailJson("Cannot write file '$($write.path)': somebody changed it meanwhile. Run again; nothing was changed.")
    }
}
try {
    foreach ($write in $writes) {
        $file = @{
            Path = $write.path
            Content = $write.content
            Before = $write.before
            WhatIf = $module.CheckMode
            ErrorAction = 'Stop'
        }
        Write-GopheropsFile @file
    }
    Set-GopheropsEnvironmentValue -Scope $scope -Value @($values) -WhatIf:$module.CheckMode -ErrorAction Stop
}
catch {
    $module.FailJson("Failed to write the environment of the $($scope): $_", $_)
}

$module.ExitJson()
