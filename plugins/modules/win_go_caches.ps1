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
            choices = 'read', 'use'
        }
        variables = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        places = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                name = @{
                    type = 'str'
                    required = $true
                }
                path = @{
                    type = 'str'
                    required = $true
                }
                make = @{
                    type = 'bool'
                    default = $true
                }
            }
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

Function Test-Place {
    # Only writing shows who may write: access lists, policies and Controlled Folder Access all have a say.
    param ($Path)
    $probe = [IO.Path]::Combine($Path, ".gopherops-$([Guid]::NewGuid().ToString('N'))")
    try {
        [IO.File]::WriteAllText($probe, 'x')
        [IO.File]::Delete($probe)
        return ''
    }
    catch {
        return $_.Exception.GetBaseException().Message
    }
}

Function Invoke-Place {
    param ($Place)
    $state = Get-GopheropsFileState -Path $Place.path
    $found = @{ name = $Place.name; kind = $state.kind; made = @(); problem = ''; owner = '' }
    if ($state.kind -eq 'absent' -and $Place.make) {
        $folder = $state.path
        while ($folder -and -not [IO.Directory]::Exists($folder)) {
            $found.made = @($folder) + $found.made
            $folder = [IO.Path]::GetDirectoryName($folder)
        }
        if (-not $module.CheckMode) {
            try {
                $null = [IO.Directory]::CreateDirectory($state.path)
            }
            catch {
                $found.problem = $_.Exception.GetBaseException().Message
                return $found
            }
        }
    }
    if ([IO.Directory]::Exists($state.path)) {
        if (-not $module.CheckMode) {
            $found.problem = Test-Place -Path $state.path
        }
        $access = Get-Acl -LiteralPath $state.path -ErrorAction SilentlyContinue
        if ($null -ne $access) {
            $found.owner = [String]$access.Owner
        }
    }
    $found
}

if ($module.Params.action -eq 'read') {
    try {
        $module.Result.account = [Security.Principal.WindowsIdentity]::GetCurrent().Name
        $module.Result.environment = @{}
        foreach ($name in $module.Params.variables) {
            $module.Result.environment[$name] = [String][Environment]::GetEnvironmentVariable($name)
        }
        $path = $env:GOENV
        if ([String]::IsNullOrEmpty($path)) {
            $path = [IO.Path]::Combine($env:APPDATA, 'go', 'env')
        }
        $module.Result.go_env_file = $null
        if ($path -ne 'off') {
            $module.Result.go_env_file = (Read-GopheropsFile -Path $path -ErrorAction Stop).content
        }
        $module.Result.drives = @(
            foreach ($drive in [IO.DriveInfo]::GetDrives()) {
                $one = @{ name = $drive.Name; type = $drive.DriveType.ToString(); format = ''; free = $null }
                if ($drive.IsReady) {
                    $one.format = $drive.DriveFormat
                    $one.free = $drive.AvailableFreeSpace
                }
                $one
            }
        )
    }
    catch {
        $module.FailJson("Cannot look at the caches: $($_.Exception.Message). Nothing was changed.", $_)
    }
    $module.ExitJson()
}

$module.Result.places = @($module.Params.places | ForEach-Object { Invoke-Place -Place $_ })
$module.Result.changed = @($module.Result.places | Where-Object { $_.made.Count -gt 0 }).Count -gt 0
$module.ExitJson()
