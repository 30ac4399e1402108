# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: who owns a folder and who may write in it. Accounts by SID: their names differ by language.

Function Get-GopheropsAccess {
    <#
    .SYNOPSIS
    Owner of a folder, and whether it inherits.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $found = @{ owner = ''; sid = ''; protected = $false }
    $access = Get-Acl -LiteralPath $Path -ErrorAction SilentlyContinue
    if ($null -eq $access) {
        return $found
    }
    $kind = [Security.Principal.SecurityIdentifier]
    $found.owner = [String]$access.Owner
    $found.sid = [String]$access.GetOwner($kind)
    $found.protected = $access.AreAccessRulesProtected
    $found
}

Function Get-GopheropsDescriptor {
    <#
    .SYNOPSIS
    Security descriptors of folders as text, or of what stands above one that is missing. The controller reads them.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [String[]]
        $Path
    )
    foreach ($one in $Path) {
        try {
            $full = [IO.Path]::GetFullPath([Environment]::ExpandEnvironmentVariables($one.Trim('"')))
        }
        catch {
            # What Windows cannot read as a path, it does not search either.
            continue
        }
        $stands = $full
        while ($stands -and -not [IO.Directory]::Exists($stands)) {
            $stands = [IO.Path]::GetDirectoryName($stands)
        }
        if ($stands) {
            $access = Get-Acl -LiteralPath $stands -ErrorAction SilentlyContinue
            @{ path = $full; stands = $stands; sddl = "$($access.Sddl)" }
        }
    }
}

Function Invoke-GopheropsSystemProgram {
    <#
    .SYNOPSIS
    Runs a program of Windows itself: its exit status, and all that it says.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Name,

        [Parameter(Mandatory = $true)]
        [String[]]
        $Argument
    )
    # Windows PowerShell makes an error of every line that a program writes to its error output.
    $ErrorActionPreference = 'Continue'
    $program = [IO.Path]::Combine([Environment]::SystemDirectory, $Name)
    $said = & $program @Argument 2>&1 | Out-String
    @{ rc = $LASTEXITCODE; said = $said.Trim() }
}

Function Invoke-GopheropsIcacls {
    <#
    .SYNOPSIS
    Runs icacls, and returns what it says where it fails. What it cannot change it names and goes on.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String[]]
        $Argument
    )
    $ran = Invoke-GopheropsSystemProgram -Name 'icacls.exe' -Argument (@($Path) + $Argument + @('/c', '/q'))
    if ($ran.rc -ne 0) {
        return "icacls: $($ran.said)"
    }
    ''
}

Function Repair-GopheropsAccess {
    <#
    .SYNOPSIS
    Gives a folder and all that is in it to an account: owner, full rights that are inherited, and nothing that stops inheritance.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $Sid,

        [Switch]
        $OwnerOnly
    )
    if (-not $PSCmdlet.ShouldProcess($Path, 'Repair access')) {
        return ''
    }
    $problems = @(Invoke-GopheropsIcacls -Path $Path -Argument '/setowner', "*$Sid")
    if (-not $OwnerOnly) {
        $problems += Invoke-GopheropsIcacls -Path $Path -Argument '/inheritance:e', '/grant', "*$($Sid):(OI)(CI)F"
        if ([IO.Directory]::GetFileSystemEntries($Path).Length -gt 0) {
            $inside = [IO.Path]::Combine($Path, '*')
            # /l: a link is changed itself, never what it leads to.
            $problems += Invoke-GopheropsIcacls -Path $inside -Argument '/setowner', "*$Sid", '/t', '/l'
            $problems += Invoke-GopheropsIcacls -Path $inside -Argument '/reset', '/t', '/l'
        }
    }
    @($problems | Where-Object -FilterScript { $_ }) -join '; '
}

Function Protect-GopheropsFolder {
    <#
    .SYNOPSIS
    Lets only the system and administrators write in a folder, and everybody read: its programs are on the path of all.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    if (-not $PSCmdlet.ShouldProcess($Path, 'Protect')) {
        return
    }
    $grants = '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F', '*S-1-5-32-545:(OI)(CI)RX'
    $problem = Invoke-GopheropsIcacls -Path $Path -Argument (@('/inheritance:r', '/grant:r') + $grants)
    if ($problem) {
        throw $problem
    }
}

$export = @{
    Function = @(
        'Get-GopheropsAccess'
        'Get-GopheropsDescriptor'
        'Invoke-GopheropsSystemProgram'
        'Repair-GopheropsAccess'
        'Protect-GopheropsFolder'
    )
}
Export-ModuleMember @export
