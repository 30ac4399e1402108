#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Files

$spec = @{
    options = @{
        exclusions = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        programs = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$record = [IO.Path]::Combine($env:ProgramData, 'gopherops', 'guard.json')
$words = @{ ExclusionPath = 'excluded from the scan'; ControlledFolderAccessAllowedApplications = 'allowed to write in protected folders' }

Function Get-Wanted {
    param ($Path)
    $full = [IO.Path]::GetFullPath([Environment]::ExpandEnvironmentVariables($Path)).TrimEnd('\')
    $large = @($env:USERPROFILE, $env:SystemRoot, $env:ProgramFiles, $env:ProgramData, $env:LOCALAPPDATA, $env:APPDATA)
    if ($full.Length -le 3 -or $full -in $large) {
        throw "'$full' is far more than a cache of Go, and nothing in it would be looked at any more. Name GOCACHE only"
    }
    $full
}

Function Get-Ours {
    # What this module has added and nobody else: only that goes again.
    $found = @{ ExclusionPath = @(); ControlledFolderAccessAllowedApplications = @() }
    if (Test-Path -LiteralPath $record -PathType Leaf) {
        $noted = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($record))
        foreach ($kind in @($found.Keys)) {
            $found[$kind] = @($noted.$kind | Where-Object -FilterScript { $_ })
        }
    }
    $found
}

Function Get-Now {
    param ($Kind)
    $preference = Get-MpPreference -ErrorAction Stop
    @($preference.$Kind | Where-Object -FilterScript { $_ })
}

Function Invoke-Kind {
    param ($Kind, $Wanted, $Ours)
    $now = @(Get-Now -Kind $Kind)
    $add = @($Wanted | Where-Object -FilterScript { $_ -notin $now })
    $drop = @($Ours | Where-Object -FilterScript { $_ -notin $Wanted -and $_ -in $now })
    foreach ($path in $add) {
        $module.Result.changes += @{ path = $path; act = 'create'; what = $words[$Kind] }
    }
    foreach ($path in $drop) {
        $module.Result.changes += @{ path = $path; act = 'remove'; what = $words[$Kind] }
    }
    if (-not $module.CheckMode -and ($add.Count + $drop.Count) -gt 0) {
        if ($add.Count -gt 0) {
            $given = @{ $Kind = $add }
            Add-MpPreference @given -ErrorAction Stop
        }
        if ($drop.Count -gt 0) {
            $given = @{ $Kind = $drop }
            Remove-MpPreference @given -ErrorAction Stop
        }
        # Under a policy or tamper protection the commands succeed and change nothing.
        $after = @(Get-Now -Kind $Kind)
        $missing = @($add | Where-Object -FilterScript { $_ -notin $after })
        if ($missing.Count -gt 0) {
            throw "Windows took '$($missing -join "', '")' and does not hold it: an organisation manages this. Ask who administers it"
        }
    }
    , @(@($Ours | Where-Object -FilterScript { $_ -in $Wanted }) + $add | Select-Object -Unique)
}

$module.Result.changes = @()
try {
    if (-not (Get-Command -Name Get-MpPreference -ErrorAction SilentlyContinue)) {
        throw 'Microsoft Defender is not here; another program guards this machine. Make the exceptions there'
    }
    $ours = Get-Ours
    $exclusions = @($module.Params.exclusions | ForEach-Object { Get-Wanted -Path $_ })
    $programs = @($module.Params.programs | ForEach-Object { Get-Wanted -Path $_ })
    $noted = [ordered]@{}
    $noted.ExclusionPath = Invoke-Kind -Kind 'ExclusionPath' -Wanted $exclusions -Ours $ours.ExclusionPath
    $kind = 'ControlledFolderAccessAllowedApplications'
    $noted[$kind] = Invoke-Kind -Kind $kind -Wanted $programs -Ours $ours[$kind]
    $module.Result.changed = $module.Result.changes.Count -gt 0
    if ($module.Result.changed -and -not $module.CheckMode) {
        $content = ''
        if ($noted.ExclusionPath.Count + $noted[$kind].Count -gt 0) {
            $text = ConvertTo-Json -InputObject $noted
            $content = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text))
        }
        Write-GopheropsFile -Path $record -Content $content -Before (Get-GopheropsDigest -Path $record) -ErrorAction Stop
    }
}
catch {
    $module.FailJson("Cannot let Windows' guards leave Go alone: $($_.Exception.GetBaseException().Message).", $_)
}

$module.ExitJson()
