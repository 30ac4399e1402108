# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: folders of extensions as they stand, and packages looked at and laid down. Decides nothing.

Function Read-GopheropsPacked {
    <#
    .SYNOPSIS
    The bytes of a file in gzip and base64: manifests of extensions are long and mostly the same few words. Null where there is none.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    if (-not [IO.File]::Exists($Path)) {
        return $null
    }
    $bytes = [IO.File]::ReadAllBytes($Path)
    $memory = New-Object -TypeName IO.MemoryStream
    $zip = New-Object -TypeName IO.Compression.GZipStream -ArgumentList $memory, ([IO.Compression.CompressionMode]::Compress)
    $zip.Write($bytes, 0, $bytes.Length)
    $zip.Dispose()
    [Convert]::ToBase64String($memory.ToArray())
}

Function Get-GopheropsExtension {
    <#
    .SYNOPSIS
    One folder of extensions: its list, what is marked as gone, and the manifests of the extensions that were asked for.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [String[]]
        $Name
    )
    $full = [IO.Path]::GetFullPath([Environment]::ExpandEnvironmentVariables($Path))
    $found = @{ asked = $Path; path = $full; files = @{}; folders = @() }
    foreach ($file in 'extensions.json', '.obsolete') {
        $found.files[$file] = Read-GopheropsPacked -Path ([IO.Path]::Combine($full, $file))
    }
    # Without a list the folders are the list, and all of them count.
    $all = $null -eq $found.files['extensions.json']
    if ([IO.Directory]::Exists($full)) {
        foreach ($folder in [IO.Directory]::GetDirectories($full)) {
            $base = [IO.Path]::GetFileName($folder)
            $manifest = [IO.Path]::Combine($folder, 'package.json')
            if ([IO.File]::Exists($manifest)) {
                $found.folders += $base
                $asked = @($Name | Where-Object -FilterScript { $base.StartsWith("$_-", [StringComparison]::OrdinalIgnoreCase) })
                if ($all -or $asked.Count -gt 0) {
                    $found.files["$base\package.json"] = Read-GopheropsPacked -Path $manifest
                }
            }
        }
    }
    $found
}

Function Read-GopheropsVsix {
    <#
    .SYNOPSIS
    What a package says about itself, as bytes in base64, and its SHA-256.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path
    )
    $full = [Environment]::ExpandEnvironmentVariables($Path)
    $found = @{ manifest = ''; about = ''; sha256 = Get-GopheropsDigest -Path $full }
    if ($found.sha256 -eq 'absent') {
        throw "'$full' is no file"
    }
    Add-Type -AssemblyName 'System.IO.Compression', 'System.IO.Compression.FileSystem'
    $archive = [IO.Compression.ZipFile]::OpenRead($full)
    try {
        foreach ($pair in @(@('manifest', 'extension/package.json'), @('about', 'extension.vsixmanifest'))) {
            $entry = $archive.GetEntry($pair[1])
            if ($null -ne $entry) {
                if ($entry.Length -gt 16777216) {
                    throw "'$($pair[1])' in it is larger than 16 MiB"
                }
                $memory = New-Object -TypeName IO.MemoryStream
                $source = $entry.Open()
                try {
                    $source.CopyTo($memory)
                }
                finally {
                    $source.Dispose()
                }
                $found[$pair[0]] = [Convert]::ToBase64String($memory.ToArray())
            }
        }
    }
    finally {
        $archive.Dispose()
    }
    $found
}

Function Install-GopheropsVsix {
    <#
    .SYNOPSIS
    Unpacks a package beside its place and renames it there. The list of extensions is not touched.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $Folder,

        [Parameter(Mandatory = $true)]
        [String]
        $Name,

        [Parameter(Mandatory = $true)]
        [String]
        $Sha256
    )
    if (-not $PSCmdlet.ShouldProcess($Name, 'Install')) {
        return
    }
    $package = [Environment]::ExpandEnvironmentVariables($Path)
    $digest = Get-GopheropsDigest -Path $package
    if ($digest -cne $Sha256) {
        throw "the package has SHA-256 $digest, not $Sha256"
    }
    $about = (Read-GopheropsVsix -Path $package).about
    # Editors ignore folders that begin with a dot.
    $staged = [IO.Path]::Combine($Folder, ".$([Guid]::NewGuid().ToString('N'))")
    $final = [IO.Path]::Combine($Folder, $Name)
    $null = [IO.Directory]::CreateDirectory($staged)
    try {
        Expand-GopheropsZip -Path $package -Destination $staged -Prefix 'extension/' -Skip '^$' -ErrorAction Stop
        if ($about) {
            [IO.File]::WriteAllBytes([IO.Path]::Combine($staged, '.vsixmanifest'), [Convert]::FromBase64String($about))
        }
        if ((Get-GopheropsPlace -Path $final).kind -ne 'absent') {
            # Left by a run that was killed, or damaged: not on the list, or not right.
            Move-GopheropsDirectory -Path $final -To ([IO.Path]::Combine($Folder, ".$([Guid]::NewGuid().ToString('N'))"))
        }
        Move-GopheropsDirectory -Path $staged -To $final
    }
    finally {
        Remove-GopheropsPlace -Path $staged
    }
}

Function Get-GopheropsPolicy {
    <#
    .SYNOPSIS
    One value of a product's policies; the machine's comes before the account's. Empty where there is none.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Key,

        [Parameter(Mandatory = $true)]
        [String]
        $Name
    )
    foreach ($root in 'HKLM', 'HKCU') {
        $path = "$($root):\SOFTWARE\Policies\$Key"
        if (Test-Path -LiteralPath $path) {
            $value = (Get-Item -LiteralPath $path).GetValue($Name)
            if ($null -ne $value) {
                # A text of many lines may be kept as several.
                return @($value) -join "`n"
            }
        }
    }
    ''
}

$export = @{
    Function = @(
        'Get-GopheropsExtension'
        'Read-GopheropsVsix'
        'Install-GopheropsVsix'
        'Get-GopheropsPolicy'
    )
}
Export-ModuleMember @export
