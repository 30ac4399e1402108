#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Files

$spec = @{
    options = @{
        action = @{
            type = 'str'
            required = $true
            choices = 'read', 'write'
        }
        paths = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        commands = @{
            type = 'list'
            elements = 'str'
            default = @()
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
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

if ($module.Params.action -eq 'read') {
    try {
        $module.Result.environment = @{}
        foreach ($name in 'USERPROFILE', 'APPDATA', 'VSCODE_PORTABLE', 'VSCODE_EXTENSIONS') {
            $module.Result.environment[$name] = [String][Environment]::GetEnvironmentVariable($name)
        }
        $module.Result.places = @($module.Params.paths | ForEach-Object { Get-GopheropsFileState -Path $_ })
        $module.Result.commands = @($module.Params.commands | Where-Object { Get-Command -Name $_ -CommandType Application -ErrorAction SilentlyContinue })
    }
    catch {
        $module.FailJson("Cannot read settings: $($_.Exception.Message). Nothing was changed.", $_)
    }
    $module.ExitJson()
}

$writes = $module.Params.writes
$module.Result.changed = $writes.Count -gt 0
# All files are compared before the first is written.
foreach ($write in $writes) {
    if ((Get-GopheropsDigest -Path $write.path) -ne $write.before) {
        $module.FailJson("Cannot write settings file '$($write.path)': another program changed it meanwhile. Run again; nothing was changed.")
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
}
catch {
    $module.FailJson("Cannot write settings: $($_.Exception.Message). Close the editor's settings and run again.", $_)
}

$module.ExitJson()
