# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: Go as Windows Installer has put it there, and how it goes. Decides nothing.

Function Get-GopheropsInstaller {
    <#
    .SYNOPSIS
    Go as Windows Installer has put it there.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param ()
    $places = @(
        'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
        'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
    )
    foreach ($place in $places) {
        if (Test-Path -LiteralPath $place) {
            foreach ($key in Get-ChildItem -LiteralPath $place) {
                if ([String]$key.GetValue('DisplayName') -match '^Go Programming Language') {
                    @{
                        name = [String]$key.GetValue('DisplayName')
                        location = [String]$key.GetValue('InstallLocation')
                        product = $key.PSChildName
                    }
                }
            }
        }
    }
}

Function Remove-GopheropsInstaller {
    <#
    .SYNOPSIS
    Removes a Go by the uninstaller that it came with. Files of others in its folder stay, and are named.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Product,

        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    if (-not $PSCmdlet.ShouldProcess($Product, 'Uninstall')) {
        return
    }
    $program = [IO.Path]::Combine([Environment]::SystemDirectory, 'msiexec.exe')
    $done = Start-Process -FilePath $program -ArgumentList '/x', $Product, '/qn', '/norestart' -Wait -PassThru
    # Gone already, and two ways to say that a restart would be good.
    if ($done.ExitCode -notin 0, 1605, 1641, 3010) {
        throw "its uninstaller ended with status $($done.ExitCode)"
    }
    if ([IO.Directory]::Exists($Path)) {
        if ([IO.Directory]::GetFileSystemEntries($Path).Length -gt 0) {
            throw "Go is uninstalled, but '$Path' holds files that did not come with it. Move them away"
        }
        [IO.Directory]::Delete($Path)
    }
}

$export = @{
    Function = @(
        'Get-GopheropsInstaller'
        'Remove-GopheropsInstaller'
    )
}
Export-ModuleMember @export
