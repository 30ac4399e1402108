# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: what stands at a path, and the hash of a Go tree.

Function Get-GopheropsLongPath {
    <#
    .SYNOPSIS
    The path in the form that has no limit of 260 characters, also where long paths are switched off.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $plain = $Path.TrimEnd('\')
    if ($plain.StartsWith('\\')) {
        return $plain
    }
    try {
        return [IO.Path]::GetFullPath("\\?\$plain")
    }
    catch [ArgumentException] {
        # A .NET Framework that is told to be as of old takes the question mark for a wildcard.
        return $plain
    }
}

Function Get-GopheropsPlace {
    <#
    .SYNOPSIS
    What stands at a path: its kind, and where a junction leads.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $item = Get-Item -LiteralPath $Path -Force -ErrorAction SilentlyContinue
    $found = @{ name = [IO.Path]::GetFileName($Path); kind = 'absent'; target = '' }
    if ($null -eq $item) {
        return $found
    }
    if (($item.Attributes -band [IO.FileAttributes]::ReparsePoint) -and $item.LinkType) {
        $found.kind = 'junction'
        $found.target = [String](@($item.Target)[0])
    }
    elseif ($item.PSIsContainer) {
        $found.kind = 'directory'
    }
    else {
        $found.kind = 'file'
    }
    $found
}

Function Get-GopheropsTreeEntry {
    <#
    .SYNOPSIS
    The files of a Go tree that its published hash covers, by their names with slashes, in ordinal order.
    #>
    [CmdletBinding()]
    [OutputType([Collections.IDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Tree
    )
    $root = Get-GopheropsLongPath -Path $Tree
    $entries = New-Object -TypeName 'Collections.Generic.SortedDictionary[String, IO.FileInfo]' -ArgumentList ([StringComparer]::Ordinal)
    $folder = New-Object -TypeName IO.DirectoryInfo -ArgumentList $root
    foreach ($file in $folder.EnumerateFiles('*', [IO.SearchOption]::AllDirectories)) {
        $name = $file.FullName.Substring($root.Length + 1).Replace('\', '/')
        if ($name -cnotmatch '^(api|doc|misc|test)/|^\.unpacked-success$') {
            $entries[$name] = $file
        }
    }
    , $entries
}

Function Get-GopheropsReleasedGoEnv {
    <#
    .SYNOPSIS
    The bytes of go.env as Go released it: the marked block with the machine's defaults taken out.
    #>
    [CmdletBinding()]
    [OutputType([Byte[]])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    # Latin-1 keeps every byte as it is.
    $latin = [Text.Encoding]::GetEncoding(28591)
    $text = $latin.GetString([IO.File]::ReadAllBytes($Path))
    $block = '(?ms)^# BEGIN gopherops\.workstation[^\n]*\n.*?(^# END gopherops\.workstation[^\n]*(\n|\z)|\z)'
    , $latin.GetBytes([Text.RegularExpressions.Regex]::Replace($text, $block, ''))
}

Function Get-GopheropsBytesDigest {
    <#
    .SYNOPSIS
    SHA-256 of bytes or of a stream in lower-case hexadecimal.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [Object]
        $Data,

        [Switch]
        $AsBase
    )
    $hasher = [Security.Cryptography.SHA256]::Create()
    try {
        $digest = $hasher.ComputeHash($Data)
    }
    finally {
        $hasher.Dispose()
    }
    if ($AsBase) {
        return [Convert]::ToBase64String($digest)
    }
    [BitConverter]::ToString($digest).Replace('-', '').ToLowerInvariant()
}

Function Get-GopheropsTreeStamp {
    <#
    .SYNOPSIS
    Changes when any file of the tree was written, added or removed. go.env is left out: its block may change.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Tree
    )
    $lines = New-Object -TypeName Text.StringBuilder
    $entries = Get-GopheropsTreeEntry -Tree $Tree
    foreach ($pair in $entries.GetEnumerator()) {
        if ($pair.Key -cne 'go.env') {
            $file = $pair.Value
            $null = $lines.Append($pair.Key).Append('|').Append($file.Length).Append('|').Append($file.LastWriteTimeUtc.Ticks)
            $null = $lines.Append('|').Append($file.CreationTimeUtc.Ticks).Append("`n")
        }
    }
    $goEnv = [IO.Path]::Combine($Tree, 'go.env')
    if (Test-Path -LiteralPath $goEnv -PathType Leaf) {
        $null = $lines.Append((Get-GopheropsBytesDigest -Data (Get-GopheropsReleasedGoEnv -Path $goEnv)))
    }
    Get-GopheropsBytesDigest -Data ([Text.Encoding]::UTF8.GetBytes($lines.ToString()))
}

Function Get-GopheropsTreeDigest {
    <#
    .SYNOPSIS
    SHA-256 of every file of the tree, by name.
    #>
    [CmdletBinding()]
    [OutputType([Collections.IDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Tree
    )
    $digests = New-Object -TypeName 'Collections.Generic.SortedDictionary[String, String]' -ArgumentList ([StringComparer]::Ordinal)
    $hasher = [Security.Cryptography.SHA256]::Create()
    try {
        foreach ($pair in (Get-GopheropsTreeEntry -Tree $Tree).GetEnumerator()) {
            if ($pair.Key -ceq 'go.env') {
                $digest = $hasher.ComputeHash((Get-GopheropsReleasedGoEnv -Path $pair.Value.FullName))
            }
            else {
                # Programs that run are open: they may be read, as long as nobody is kept from renaming them.
                $share = [IO.FileShare]'ReadWrite, Delete'
                $stream = [IO.File]::Open($pair.Value.FullName, [IO.FileMode]::Open, [IO.FileAccess]::Read, $share)
                try {
                    $digest = $hasher.ComputeHash($stream)
                }
                finally {
                    $stream.Dispose()
                }
            }
            $digests[$pair.Key] = [BitConverter]::ToString($digest).Replace('-', '').ToLowerInvariant()
        }
    }
    finally {
        $hasher.Dispose()
    }
    , $digests
}

Function Get-GopheropsTreeHash {
    <#
    .SYNOPSIS
    The hash that the Go checksum database publishes for a tree: golang.org/x/mod/sumdb/dirhash over its digests.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Digest,

        [Parameter(Mandatory = $true)]
        [String]
        $Version,

        [Parameter(Mandatory = $true)]
        [String]
        $Platform
    )
    $named = New-Object -TypeName 'Collections.Generic.SortedDictionary[String, String]' -ArgumentList ([StringComparer]::Ordinal)
    foreach ($pair in $Digest.GetEnumerator()) {
        $name = $pair.Key
        # A module holds no go.mod but its own, so Go's release tool renames them.
        if ($name -ceq 'go.mod' -or $name.EndsWith('/go.mod', [StringComparison]::Ordinal)) {
            $name = "$($name.Substring(0, $name.Length - 6))_go.mod"
        }
        $named[$name] = $pair.Value
    }
    $prefix = 'golang.org/toolchain@v0.0.1-go{0}.{1}/' -f $Version, $Platform
    $lines = New-Object -TypeName Text.StringBuilder
    foreach ($pair in $named.GetEnumerator()) {
        $null = $lines.Append("$($pair.Value)  $prefix$($pair.Key)`n")
    }
    $data = [Text.Encoding]::UTF8.GetBytes($lines.ToString())
    'h1:{0}' -f (Get-GopheropsBytesDigest -Data $data -AsBase)
}

Function Test-GopheropsGo {
    <#
    .SYNOPSIS
    Whether the tree's own go.exe starts and says the version; throws when it does not.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Tree,

        [Parameter(Mandatory = $true)]
        [String]
        $Version
    )
    $env:GOTOOLCHAIN = 'local'
    $env:GOROOT = ''
    $env:GOENV = 'off'
    $program = [IO.Path]::Combine($Tree, 'bin\go.exe')
    $said = & $program version 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0 -or -not $said.Contains("go$Version ")) {
        throw "it is as released, but does not run on this host ($($said.Trim()))"
    }
}

$export = @{
    Function = @(
        'Get-GopheropsLongPath'
        'Get-GopheropsPlace'
        'Get-GopheropsBytesDigest'
        'Get-GopheropsTreeStamp'
        'Get-GopheropsTreeDigest'
        'Get-GopheropsTreeHash'
        'Test-GopheropsGo'
    )
}
Export-ModuleMember @export
