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
        }
        programs = @{
            type = 'list'
            elements = 'str'
        }
        long_paths = @{
            type = 'bool'
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$record = [IO.Path]::Combine($env:ProgramData, 'gopherops', 'guard.json')
$words = @{ ExclusionPath = 'excluded from the scan'; ControlledFolderAccessAllowedApplications = 'allowed to write in protected folders' }
$long = 'LongPathsEnabled'
$system = 'HKLM:\SYSTEM\CurrentControlSet\Control\FileSystem'

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
    $found = @{ ExclusionPath = @(); ControlledFolderAccessAllowedApplications = @(); LongPathsEnabled = $null }
    if (Test-Path -LiteralPath $record -PathType Leaf) {
        $noted = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($record))
        foreach ($kind in @($words.Keys)) {
            $found[$kind] = @($noted.$kind | Where-Object -FilterScript { $_ })
        }
        $found[$long] = $noted.$long
    }
    $found
}

Function Get-Now {
    param ($Kind)
    $preference = Get-MpPreference -ErrorAction Stop
    @($preference.$Kind | Where-Object -FilterScript { $_ })
}

Function Invoke-LongPath {
    # What stood before is noted, as text: '' for a value that was not there.
    param ($Wanted, $Was)
    $value = Get-ItemProperty -LiteralPath $system -Name $long -ErrorAction SilentlyContinue
    $now = ''
    if ($null -ne $value) {
        $now = [String]$value.$long
    }
    if ($Wanted -and $now -ne '1') {
        $module.Result.changes += @{ path = "$system\$long"; act = 'edit'; what = 'paths longer than 260 characters' }
        if (-not $module.CheckMode) {
            Set-ItemProperty -LiteralPath $system -Name $long -Value 1 -Type DWord -ErrorAction Stop
        }
        return $now
    }
    if (-not $Wanted -and $null -ne $Was) {
        # Changed by another since: then it is not ours any more.
        if ($now -eq '1') {
            $module.Result.changes += @{ path = "$system\$long"; act = 'edit'; what = 'as it was' }
            if (-not $module.CheckMode -and $Was -eq '') {
                Remove-ItemProperty -LiteralPath $system -Name $long -ErrorAction Stop
            }
            elseif (-not $module.CheckMode) {
                Set-ItemProperty -LiteralPath $system -Name $long -Value ([Int32]$Was) -Type DWord -ErrorAction Stop
            }
        }
        return $null
    }
    $Was
}

Function Invoke-Kind {
    param ($Kind, $Wanted, $Ours)
    if ($Wanted.Count + $Ours.Count -eq 0) {
        return , @()
    }
    if (-not (Get-Command -Name Get-MpPreference -ErrorAction SilentlyContinue)) {
        throw 'Microsoft Defender is not here; another program guards this machine. Make the exceptions there'
    }
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
    $ours = Get-Ours
    $noted = [ordered]@{}
    $asked = [ordered]@{ ExclusionPath = $module.Params.exclusions; ControlledFolderAccessAllowedApplications = $module.Params.programs }
    $paths = @{}
    # All is checked before the first is touched.
    foreach ($kind in $asked.Keys) {
        $paths[$kind] = @($asked[$kind] | Where-Object -FilterScript { $_ } | ForEach-Object { Get-Wanted -Path $_ })
    }
    foreach ($kind in $asked.Keys) {
        $noted[$kind] = $ours[$kind]
        if ($null -ne $asked[$kind]) {
            $noted[$kind] = Invoke-Kind -Kind $kind -Wanted $paths[$kind] -Ours $ours[$kind]
        }
    }
    $noted[$long] = $ours[$long]
    if ($null -ne $module.Params.long_paths) {
        $noted[$long] = Invoke-LongPath -Wanted $module.Params.long_paths -Was $ours[$long]
    }
    $module.Result.changed = $module.Result.changes.Count -gt 0
    $forgotten = $null -ne $ours[$long] -and $null -eq $noted[$long]
    if (($module.Result.changed -or $forgotten) -and -not $module.CheckMode) {
        $content = ''
        if ($noted.ExclusionPath.Count + $noted.ControlledFolderAccessAllowedApplications.Count -gt 0 -or $null -ne $noted[$long]) {
            $text = ConvertTo-Json -InputObject $noted
            $content = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text))
        }
        Write-GopheropsFile -Path $record -Content $content -Before (Get-GopheropsDigest -Path $record) -ErrorAction Stop
    }
}
catch {
    $module.FailJson("Cannot set what Windows guards: $($_.Exception.GetBaseException().Message).", $_)
}

$module.ExitJson()
