# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: environment values with their kinds. Decides nothing.

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
        'Get-GopheropsEnvironmentValue'
        'Set-GopheropsEnvironmentValue'
    )
}
Export-ModuleMember @export
