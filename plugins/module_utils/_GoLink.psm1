# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: the places that a directory of Go versions consists of, and the link that gives one of them.

Function Get-GopheropsStatedVersion {
    <#
    .SYNOPSIS
    What a tree says that it is; says nothing about whether it is.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Tree
    )
    $path = [IO.Path]::Combine($Tree, 'VERSION')
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        return [String]([IO.File]::ReadAllLines($path) | Select-Object -First 1)
    }
    ''
}

Function Lock-GopheropsRoot {
    <#
    .SYNOPSIS
    The directory of versions for this run alone; Windows lets go of the file when the run ends, whatever way.
    #>
    [CmdletBinding()]
    [OutputType([IO.FileStream])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Root,

        [Parameter(Mandatory = $true)]
        [Int32]
        $Patience
    )
    $end = [DateTime]::UtcNow.AddSeconds($Patience)
    $path = [IO.Path]::Combine($Root, '.go.lock')
    while ($true) {
        try {
            return [IO.FileStream]::new($path, 'OpenOrCreate', 'ReadWrite', 'None', 4096, 'DeleteOnClose')
        }
        catch [IO.IOException] {
            if ([DateTime]::UtcNow -gt $end) {
                throw "another run has held the lock for $Patience seconds. Wait for it to end, or raise lock_timeout"
            }
            Start-Sleep -Milliseconds 200
        }
    }
}

Function Get-GopheropsSdk {
    <#
    .SYNOPSIS
    What stands in the directory of versions and at the link.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Root,

        [Parameter(Mandatory = $true)]
        [String]
        $Link
    )
    $found = @{
        root = $Root
        root_kind = (Get-GopheropsPlace -Path $Root).kind
        link_path = $Link
        link = Get-GopheropsPlace -Path $Link
        link_says = Get-GopheropsStatedVersion -Tree $Link
        names = @()
        notes = @{}
        busy = $false
    }
    if ($found.root_kind -in 'directory', 'junction') {
        $found.names = @([IO.Directory]::GetFileSystemEntries($Root) | Sort-Object | ForEach-Object { Get-GopheropsPlace -Path $_ })
        foreach ($one in $found.names) {
            $path = [IO.Path]::Combine($Root, $one.name)
            if ($one.name -eq '.go.lock') {
                $found.busy = $true
            }
            elseif ($one.kind -eq 'file' -and $one.name -cmatch '^\.go\.(history|place)$|^\.go[0-9].*\.manifest$') {
                # Of a manifest the first line: the others are for comparing, which is done here.
                $found.notes[$one.name] = [String]([IO.File]::ReadAllLines($path) | Select-Object -First 1)
            }
        }
    }
    $parts = @($found.names | Where-Object { $_.name -ne '.go.lock' }) + @($found.link) | ForEach-Object { "$($_.name)|$($_.kind)|$($_.target)" }
    $found.token = Get-GopheropsBytesDigest -Data ([Text.Encoding]::UTF8.GetBytes(($parts -join "`n")))
    $found
}

Function Remove-GopheropsPlace {
    <#
    .SYNOPSIS
    Removes a file, a junction (never what it leads to) or a tree, read-only files included.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $kind = (Get-GopheropsPlace -Path $Path).kind
    if ($kind -eq 'absent' -or -not $PSCmdlet.ShouldProcess($Path, 'Remove')) {
        return
    }
    if ($kind -eq 'file') {
        [IO.File]::Delete($Path)
        return
    }
    if ($kind -eq 'junction') {
        [IO.Directory]::Delete($Path, $false)
        return
    }
    $long = Get-GopheropsLongPath -Path $Path
    try {
        [IO.Directory]::Delete($long, $true)
    }
    catch [UnauthorizedAccessException] {
        $folder = New-Object -TypeName IO.DirectoryInfo -ArgumentList $long
        foreach ($entry in $folder.EnumerateFileSystemInfos('*', [IO.SearchOption]::AllDirectories)) {
            if ($entry.Attributes -band [IO.FileAttributes]::ReadOnly) {
                $entry.Attributes = $entry.Attributes -band (-bnot [IO.FileAttributes]::ReadOnly)
            }
        }
        [IO.Directory]::Delete($long, $true)
    }
}

Function Move-GopheropsDirectory {
    <#
    .SYNOPSIS
    Renames a directory. A virus scanner that still looks at what was just written is waited for.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $To
    )
    if (-not $PSCmdlet.ShouldProcess($Path, 'Move')) {
        return
    }
    for ($attempt = 1; $true; $attempt++) {
        try {
            [IO.Directory]::Move($Path, $To)
            return
        }
        catch {
            if ($attempt -ge 20 -or [IO.Directory]::Exists($To)) {
                throw
            }
            Start-Sleep -Milliseconds 250
        }
    }
}

Function Set-GopheropsLink {
    <#
    .SYNOPSIS
    Lets the link give another tree. Where the file system has no junctions, the tree itself moves there and a mark names it.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Link,

        [Parameter(Mandatory = $true)]
        [String]
        $Tree,

        [Parameter(Mandatory = $true)]
        [String]
        $Mark,

        [AllowEmptyString()]
        [String]
        $Back
    )
    if (-not $PSCmdlet.ShouldProcess($Link, 'Link')) {
        return
    }
    $fresh = "$Link.gopherops-new"
    $old = "$Link.gopherops-old"
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Link))
    Remove-GopheropsPlace -Path $fresh
    Remove-GopheropsPlace -Path $old
    $junction = $true
    try {
        $null = New-Item -ItemType Junction -Path $fresh -Value $Tree -ErrorAction Stop
    }
    catch {
        $junction = $false
        Remove-GopheropsPlace -Path $fresh
    }
    # No rename replaces a directory on Windows: between the two there is none, and the next run links again.
    $kind = (Get-GopheropsPlace -Path $Link).kind
    $away = $old
    if ($kind -eq 'directory') {
        $away = $Back
    }
    if ($kind -ne 'absent') {
        Move-GopheropsDirectory -Path $Link -To $away
    }
    try {
        if ($junction) {
            Move-GopheropsDirectory -Path $fresh -To $Link
            Remove-GopheropsPlace -Path $Mark
        }
        else {
            [IO.File]::WriteAllText($Mark, [IO.Path]::GetFileName($Tree))
            Move-GopheropsDirectory -Path $Tree -To $Link
        }
    }
    catch {
        if ($kind -ne 'absent') {
            Move-GopheropsDirectory -Path $away -To $Link
        }
        throw
    }
    Remove-GopheropsPlace -Path $old
}

$export = @{
    Function = @(
        'Get-GopheropsStatedVersion'
        'Lock-GopheropsRoot'
        'Get-GopheropsSdk'
        'Move-GopheropsDirectory'
        'Remove-GopheropsPlace'
        'Set-GopheropsLink'
    )
}
Export-ModuleMember @export
