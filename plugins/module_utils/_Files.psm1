# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: files as raw bytes. Decides nothing.

Function Read-GopheropsFile {
    <#
    .SYNOPSIS
    Reads a file as raw bytes in base64; content is null where there is none.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $full = [Environment]::ExpandEnvironmentVariables($Path)
    $content = $null
    if (Test-Path -LiteralPath $full -PathType Leaf) {
        $content = [Convert]::ToBase64String([IO.File]::ReadAllBytes($full))
    }
    elseif (Test-Path -LiteralPath $full) {
        Write-Error -Message "Cannot edit file '$full': it is a directory. Take it away; nothing was changed."
        return
    }
    @{ asked = $Path; path = $full; content = $content; read_only = Test-GopheropsReadOnly -Path $full }
}

Function Test-GopheropsReadOnly {
    <#
    .SYNOPSIS
    Whether a file bears the attribute that keeps everybody from replacing or deleting it.
    #>
    [CmdletBinding()]
    [OutputType([Boolean])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    [IO.File]::Exists($Path) -and ([IO.File]::GetAttributes($Path) -band [IO.FileAttributes]::ReadOnly) -ne 0
}

Function Get-GopheropsDigest {
    <#
    .SYNOPSIS
    SHA-256 of a file in lower-case hexadecimal, or 'absent'.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        return 'absent'
    }
    (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant()
}

Function Write-GopheropsFile {
    <#
    .SYNOPSIS
    Replaces a file by one rename; without content it goes, and its folder too when that is ours and empty.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [AllowNull()]
        [String]
        $Content,

        [Parameter(Mandatory = $true)]
        [String]
        $Before
    )
    if ((Get-GopheropsDigest -Path $Path) -ne $Before) {
        Write-Error -Message "Cannot write file '$Path': somebody changed it meanwhile. Run again; nothing was changed."
        return
    }
    if (Test-GopheropsReadOnly -Path $Path) {
        Write-Error -Message "Cannot write file '$Path': it is read-only. Take the attribute away (attrib -r); nothing was changed."
        return
    }
    if (-not $PSCmdlet.ShouldProcess($Path, 'Write')) {
        return
    }
    $folder = [IO.Path]::GetDirectoryName($Path)
    if ([String]::IsNullOrEmpty($Content)) {
        [IO.File]::Delete($Path)
        $isOurs = [IO.Path]::GetFileName($folder) -eq 'gopherops'
        if ($isOurs -and [IO.Directory]::GetFileSystemEntries($folder).Length -eq 0) {
            [IO.Directory]::Delete($folder)
        }
        return
    }
    $null = [IO.Directory]::CreateDirectory($folder)
    $fresh = [IO.Path]::Combine($folder, ".$([IO.Path]::GetFileName($Path)).$([Guid]::NewGuid().ToString('N')).new")
    try {
        $bytes = [Convert]::FromBase64String($Content)
        $stream = [IO.File]::Open($fresh, [IO.FileMode]::CreateNew, [IO.FileAccess]::Write, [IO.FileShare]::None)
        try {
            $stream.Write($bytes, 0, $bytes.Length)
            $stream.Flush($true)
        }
        finally {
            $stream.Dispose()
        }
        if ($Before -eq 'absent') {
            [IO.File]::Move($fresh, $Path)
        }
        else {
            # Keeps the access list and the attributes of the old file; .NET Framework has no Move that overwrites.
            [IO.File]::Replace($fresh, $Path, [NullString]::Value)
        }
    }
    finally {
        if (Test-Path -LiteralPath $fresh) {
            [IO.File]::Delete($fresh)
        }
    }
}

Function Get-GopheropsFileState {
    <#
    .SYNOPSIS
    What stands at a path, the bytes of a file in base64, and the topmost folder that is missing above it.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $full = [IO.Path]::GetFullPath([Environment]::ExpandEnvironmentVariables($Path))
    $found = @{ asked = $Path; path = $full; kind = 'absent'; content = $null; missing = ''; read_only = Test-GopheropsReadOnly -Path $full }
    if (Test-Path -LiteralPath $full -PathType Leaf) {
        $found.kind = 'file'
        if ((New-Object -TypeName IO.FileInfo -ArgumentList $full).Length -gt 67108864) {
            throw "'$full' is larger than 64 MiB"
        }
        $found.content = [Convert]::ToBase64String([IO.File]::ReadAllBytes($full))
    }
    elseif (Test-Path -LiteralPath $full) {
        $found.kind = 'directory'
    }
    $folder = [IO.Path]::GetDirectoryName($full)
    while ($folder -and -not [IO.Directory]::Exists($folder)) {
        $found.missing = $folder
        $folder = [IO.Path]::GetDirectoryName($folder)
    }
    $found
}

$export = @{
    Function = @(
        'Get-GopheropsFileState'
        'Read-GopheropsFile'
        'Get-GopheropsDigest'
        'Write-GopheropsFile'
    )
}
Export-ModuleMember @export
