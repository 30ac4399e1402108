#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Access
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
        looks = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        places = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                path = @{
                    type = 'str'
                    required = $true
                }
                mend = @{
                    type = 'bool'
                    default = $false
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

Function Get-Place {
    param ($Path, $Own)
    $state = Get-GopheropsFileState -Path $Path
    $found = @{ asked = $Path; path = $state.path; kind = $state.kind; missing = @(); problem = ''; strange = 0 }
    $found.access = @{ owner = ''; sid = ''; protected = $false }
    $folder = $state.path
    while ($folder -and -not [IO.Directory]::Exists($folder)) {
        $found.missing = @($folder) + $found.missing
        $folder = [IO.Path]::GetDirectoryName($folder)
    }
    if ($state.kind -eq 'directory') {
        $found.access = Get-GopheropsAccess -Path $state.path
        if (-not $module.CheckMode) {
            $found.problem = Test-Place -Path $state.path
        }
        # What an elevated run has left shows at the top; a look at every file would take minutes.
        $entries = @([IO.Directory]::GetDirectories($state.path) | Select-Object -First 40)
        foreach ($entry in $entries) {
            $inner = Get-GopheropsAccess -Path $entry
            if ($inner.sid -and ($inner.sid -notin $Own -or $inner.protected)) {
                $found.strange++
            }
        }
    }
    $found
}

Function Use-Place {
    param ($Place, $Account)
    $known = [IO.Directory]::Exists($Place.path)
    $found = @{ path = $Place.path; problem = '' }
    try {
        if (-not $known) {
            $null = [IO.Directory]::CreateDirectory($Place.path)
        }
        if ($Place.mend) {
            $found.problem = Repair-GopheropsAccess -Path $Place.path -Sid $Account
        }
        elseif (-not $known) {
            # An elevated account makes what belongs to Administrators.
            $null = Repair-GopheropsAccess -Path $Place.path -Sid $Account -OwnerOnly
        }
        if (-not $found.problem) {
            $found.problem = Test-Place -Path $Place.path
        }
    }
    catch {
        $found.problem = $_.Exception.GetBaseException().Message
    }
    $found
}

$account = [Security.Principal.WindowsIdentity]::GetCurrent()
# What an elevated account makes belongs to Administrators, and is its own; one that is not elevated is kept from it.
$own = @($account.User.Value)
$principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $account
if ($principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    $own += 'S-1-5-32-544'
}

if ($module.Params.action -eq 'read') {
    try {
        $module.Result.account = $account.Name
        $module.Result.own = $own
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
        $module.Result.places = @($module.Params.looks | ForEach-Object { Get-Place -Path $_ -Own $own })
    }
    catch {
        $module.FailJson("Cannot look at the caches: $($_.Exception.Message). Nothing was changed.", $_)
    }
    $module.ExitJson()
}

$module.Result.changed = $module.Params.places.Count -gt 0
$module.Result.places = @()
if (-not $module.CheckMode) {
    $module.Result.places = @($module.Params.places | ForEach-Object { Use-Place -Place $_ -Account $account.User.Value })
}
$module.ExitJson()
