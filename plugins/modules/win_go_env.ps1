#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Access
#AnsibleRequires -PowerShell ..module_utils._Files
#AnsibleRequires -PowerShell ..module_utils._GoEnv
#AnsibleRequires -PowerShell ..module_utils._Hive

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
        account = @{
            type = 'str'
            default = ''
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
        own = @{
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
$other = $null

Function Get-Full {
    # Variables of this process are those of the account that logs on.
    param ($Path)
    if ($null -ne $other) {
        $Path = $Path.Replace('%APPDATA%', $other.appdata).Replace('%USERPROFILE%', $other.folder)
    }
    $Path
}

Function Read-Place {
    param ($Path)
    $found = Read-GopheropsFile -Path (Get-Full -Path $Path) -ErrorAction Stop
    $found.asked = $Path
    $found
}

Function Get-GoEnvFile {
    # os.UserConfigDir is %AppData%; GOENV moves the file or, with "off", takes it away.
    param ($Values)
    $path = $env:GOENV
    if ($null -ne $other) {
        $path = ''
        if ($Values.ContainsKey('GOENV')) {
            $path = Get-Full -Path $Values['GOENV'].data
        }
    }
    if ([String]::IsNullOrEmpty($path)) {
        $path = Get-Full -Path '%APPDATA%\go\env'
    }
    if ($path -eq 'off') {
        return @{ asked = $path; path = $path; content = $null }
    }
    Read-GopheropsFile -Path $path -ErrorAction Stop
}

Function Invoke-Read {
    param ($Hive)
    $module.Result.files = @($module.Params.files | ForEach-Object { Read-Place -Path $_ })
    $module.Result.values = Get-GopheropsEnvironmentValue -Scope $scope -Hive $Hive
    $own = $module.Result.values
    if ($module.Params.own) {
        $own = Get-GopheropsEnvironmentValue -Scope user -Hive $Hive
        $module.Result.own = $own
    }
    if ($module.Params.go_env_file) {
        $module.Result.go_env_file = Get-GoEnvFile -Values $own
    }
}

Function Invoke-Write {
    param ($Hive)
    # All files are compared before the first is written: half an environment helps nobody.
    foreach ($write in $writes) {
        if ((Get-GopheropsDigest -Path $write.path) -ne $write.before) {
            throw "somebody changed file '$($write.path)' meanwhile. Run again; nothing was changed"
        }
    }
    foreach ($write in $writes) {
        $file = @{
            Path = $write.path
            Content = $write.content
            Before = $write.before
            WhatIf = $module.CheckMode
            ErrorAction = 'Stop'
        }
        Write-GopheropsFile @file
        if ($null -ne $other -and $write.content -and -not $module.CheckMode) {
            $null = Repair-GopheropsAccess -Path $write.path -Sid $other.sid -OwnerOnly
        }
    }
    Set-GopheropsEnvironmentValue -Scope $scope -Value @($values) -Hive $Hive -WhatIf:$module.CheckMode -ErrorAction Stop
}

try {
    $hive = ''
    if ($module.Params.account) {
        $other = Get-GopheropsAccount -Name $module.Params.account
        Open-GopheropsHive -Account $other
        $hive = $other.hive
    }
    if ($module.Params.action -eq 'read') {
        Invoke-Read -Hive $hive
    }
    else {
        $module.Result.changed = ($writes.Count + $values.Count) -gt 0
        Invoke-Write -Hive $hive
    }
}
catch {
    $module.FailJson("Cannot $($module.Params.action) the environment of the $($scope): $($_.Exception.GetBaseException().Message).", $_)
}
finally {
    if ($null -ne $other) {
        Close-GopheropsHive -Account $other
    }
}

$module.ExitJson()
