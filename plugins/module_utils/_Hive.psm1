# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: another account's part of the registry, reached while it is not logged on. Decides nothing.

Function Get-GopheropsAccount {
    <#
    .SYNOPSIS
    Another account of this machine: its SID, its profile, and the folder of its programs' settings.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Name
    )
    $account = New-Object -TypeName Security.Principal.NTAccount -ArgumentList $Name
    $sid = $account.Translate([Security.Principal.SecurityIdentifier]).Value
    $key = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$sid"
    if (-not (Test-Path -LiteralPath $key)) {
        throw "account '$Name' has no profile on this machine. Let it log on once"
    }
    $folder = [String](Get-ItemProperty -LiteralPath $key).ProfileImagePath
    @{ name = $Name; sid = $sid; folder = $folder; appdata = [IO.Path]::Combine($folder, 'AppData\Roaming'); hive = ''; mounted = $false }
}

Function Open-GopheropsHive {
    <#
    .SYNOPSIS
    Makes an account's part of the registry reachable: it is there while the account is logged on, else it is loaded from its file.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [Hashtable]
        $Account
    )
    $key = [Microsoft.Win32.Registry]::Users.OpenSubKey($Account.sid)
    if ($null -ne $key) {
        $key.Dispose()
        $Account.hive = $Account.sid
    }
    else {
        $Account.hive = "gopherops-$PID"
        $file = [IO.Path]::Combine($Account.folder, 'NTUSER.DAT')
        Invoke-GopheropsReg -Argument 'load', "HKU\$($Account.hive)", $file
        $Account.mounted = $true
    }
    $folders = 'Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders'
    $key = [Microsoft.Win32.Registry]::Users.OpenSubKey("$($Account.hive)\$folders")
    if ($null -ne $key) {
        $data = [String]$key.GetValue('AppData', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
        $key.Dispose()
        if ($data) {
            $Account.appdata = $data.Replace('%USERPROFILE%', $Account.folder)
        }
    }
}

Function Close-GopheropsHive {
    <#
    .SYNOPSIS
    Unloads what was loaded. Until then the account could not log on with its own settings.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [Hashtable]
        $Account
    )
    if ($Account.mounted) {
        # An open handle that .NET has not let go of yet keeps the hive loaded.
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        Invoke-GopheropsReg -Argument 'unload', "HKU\$($Account.hive)"
        $Account.mounted = $false
    }
}

Function Invoke-GopheropsReg {
    <#
    .SYNOPSIS
    Runs reg.exe; throws what it says where it fails.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [String[]]
        $Argument
    )
    $ran = Invoke-GopheropsSystemProgram -Name 'reg.exe' -Argument $Argument
    if ($ran.rc -ne 0) {
        throw "reg $($Argument[0]) failed ($($ran.said)). Only an administrator may do that"
    }
}

$export = @{
    Function = @(
        'Get-GopheropsAccount'
        'Open-GopheropsHive'
        'Close-GopheropsHive'
    )
}
Export-ModuleMember @export
