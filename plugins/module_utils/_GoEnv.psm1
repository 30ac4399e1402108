# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: environment values with their kinds. Decides nothing.

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
    # Windows PowerShell makes an error of every line that a program writes to its error output.
    $ErrorActionPreference = 'Continue'
    $program = [IO.Path]::Combine([Environment]::SystemDirectory, 'reg.exe')
    $said = & $program @Argument 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) {
        throw "reg $($Argument[0]) failed ($($said.Trim())). Only an administrator may do that"
    }
}

Function Get-GopheropsEnvironmentKey {
    <#
    .SYNOPSIS
    Opens the registry key of an environment.
    #>
    [CmdletBinding()]
    [OutputType([Microsoft.Win32.RegistryKey])]
    param (
        [Parameter(Mandatory = $true)]
        [ValidateSet('user', 'machine')]
        [String]
        $Scope,

        [AllowEmptyString()]
        [String]
        $Hive = '',

        [Switch]
        $Writable
    )
    if ($Scope -eq 'machine') {
        $path = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
        [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($path, $Writable.IsPresent)
    }
    elseif ($Hive) {
        [Microsoft.Win32.Registry]::Users.OpenSubKey("$Hive\Environment", $Writable.IsPresent)
    }
    else {
        [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $Writable.IsPresent)
    }
}

Function Get-GopheropsEnvironmentValue {
    <#
    .SYNOPSIS
    Reads every value of an environment, unexpanded and with its kind.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Scope,

        [AllowEmptyString()]
        [String]
        $Hive = ''
    )
    $found = @{}
    $key = Get-GopheropsEnvironmentKey -Scope $Scope -Hive $Hive
    if ($null -eq $key) {
        return $found
    }
    try {
        foreach ($name in $key.GetValueNames()) {
            $found[$name] = @{
                # Expanded data written back would freeze %USERPROFILE% and its like for ever.
                data = [String]$key.GetValue($name, '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
                kind = $key.GetValueKind($name).ToString()
            }
        }
    }
    finally {
        $key.Dispose()
    }
    $found
}

Function Set-GopheropsEnvironmentValue {
    <#
    .SYNOPSIS
    Writes values into an environment; kind 'none' removes one. Running programs are told.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Scope,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [Object[]]
        $Value,

        [AllowEmptyString()]
        [String]
        $Hive = ''
    )
    if ($Value.Count -eq 0 -or -not $PSCmdlet.ShouldProcess($Scope, 'Set environment')) {
        return
    }
    $key = Get-GopheropsEnvironmentKey -Scope $Scope -Hive $Hive -Writable
    if ($null -eq $key) {
        Write-Error -Message "The environment of the $Scope has no registry key"
        return
    }
    try {
        foreach ($one in $Value) {
            if ($one.kind -eq 'none') {
                $key.DeleteValue($one.name, $false)
            }
            else {
                $key.SetValue($one.name, $one.data, [Microsoft.Win32.RegistryValueKind]$one.kind)
            }
        }
    }
    finally {
        $key.Dispose()
    }
    # Removing a variable that is not there writes nothing and sends WM_SETTINGCHANGE, so that new programs see the
    # change without signing out. SendMessageTimeout itself would take compiled code.
    $target = [EnvironmentVariableTarget]$Scope
    [Environment]::SetEnvironmentVariable('GOPHEROPS_NOTICE', [NullString]::Value, $target)
}

$export = @{
    Function = @(
        'Get-GopheropsAccount'
        'Open-GopheropsHive'
        'Close-GopheropsHive'
        'Get-GopheropsEnvironmentValue'
        'Set-GopheropsEnvironmentValue'
    )
}
Export-ModuleMember @export
