# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: downloads with the certificates and the proxy of Windows itself, and zips that may be hostile.

Function Open-GopheropsUrl {
    <#
    .SYNOPSIS
    Sends a request and returns the response.
    #>
    [CmdletBinding()]
    [OutputType([Net.WebResponse])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Url,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Login,

        [Parameter(Mandatory = $true)]
        [Int32]
        $Patience
    )
    # 0 is what the system prefers; anything else is an old list that lacks TLS 1.2.
    if ([Int32][Net.ServicePointManager]::SecurityProtocol -ne 0) {
        $protocols = [Net.ServicePointManager]::SecurityProtocol
        [Net.ServicePointManager]::SecurityProtocol = $protocols -bor [Net.SecurityProtocolType]::Tls12
    }
    $request = [Net.WebRequest]::CreateHttp($Url)
    $request.UserAgent = 'gopherops.workstation'
    $request.Timeout = 1000 * $Patience
    $request.ReadWriteTimeout = 1000 * $Patience
    if ($null -ne $request.Proxy) {
        $request.Proxy.Credentials = [Net.CredentialCache]::DefaultCredentials
    }
    # Only to the host that it is for: .NET drops the header where it is sent elsewhere.
    if ($Login.username -and ([Uri]$Url).Authority -eq $Login.authority) {
        $pair = [Text.Encoding]::UTF8.GetBytes("$($Login.username):$($Login.password)")
        $request.Headers['Authorization'] = "Basic $([Convert]::ToBase64String($pair))"
    }
    $request.GetResponse()
}

Function Save-GopheropsUrl {
    <#
    .SYNOPSIS
    Downloads into a file; refuses web pages and what is larger than it may be.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Url,

        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Login,

        [Parameter(Mandatory = $true)]
        [Int64]
        $Limit,

        [Parameter(Mandatory = $true)]
        [Int32]
        $Patience
    )
    if (-not $PSCmdlet.ShouldProcess($Url, 'Download')) {
        return
    }
    $response = Open-GopheropsUrl -Url $Url -Login $Login -Patience $Patience
    try {
        if ("$($response.ContentType)" -match 'text/html|application/xhtml') {
            throw 'answered a web page instead of an archive'
        }
        $source = $response.GetResponseStream()
        $target = [IO.File]::Open($Path, [IO.FileMode]::Create, [IO.FileAccess]::Write, [IO.FileShare]::None)
        try {
            $buffer = New-Object -TypeName Byte[] -ArgumentList 1048576
            $total = [Int64]0
            while (($count = $source.Read($buffer, 0, $buffer.Length)) -gt 0) {
                $total += $count
                if ($total -gt $Limit) {
                    throw "is larger than $Limit bytes"
                }
                $target.Write($buffer, 0, $count)
            }
        }
        finally {
            $target.Dispose()
        }
        if ($response.ContentLength -ge 0 -and $total -ne $response.ContentLength) {
            throw "broke off after $total of $($response.ContentLength) bytes"
        }
    }
    finally {
        $response.Dispose()
    }
}

Function Find-GopheropsLink {
    <#
    .SYNOPSIS
    The address of a file that a page of a package index links to.
    #>
    [CmdletBinding()]
    [OutputType([String])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Url,

        [Parameter(Mandatory = $true)]
        [String]
        $Name,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Login,

        [Parameter(Mandatory = $true)]
        [Int32]
        $Patience
    )
    $response = Open-GopheropsUrl -Url $Url -Login $Login -Patience $Patience
    try {
        $reader = New-Object -TypeName IO.StreamReader -ArgumentList $response.GetResponseStream()
        $text = $reader.ReadToEnd()
        $page = $response.ResponseUri
    }
    finally {
        $response.Dispose()
    }
    $found = [Text.RegularExpressions.Regex]::Match($text, "(href\s*=\s*[`"'])([^`"'#]*$([Text.RegularExpressions.Regex]::Escape($Name)))")
    if (-not $found.Success) {
        throw "has no $Name"
    }
    (New-Object -TypeName Uri -ArgumentList $page, $found.Groups[2].Value).AbsoluteUri
}

Function Expand-GopheropsZip {
    <#
    .SYNOPSIS
    Lays down what stands under a prefix. Names that lead elsewhere, or that Windows would take for others, are refused.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $Destination,

        [Parameter(Mandatory = $true)]
        [String[]]
        $Prefix,

        [Parameter(Mandatory = $true)]
        [String]
        $Skip
    )
    if (-not $PSCmdlet.ShouldProcess($Destination, 'Unpack')) {
        return
    }
    Add-Type -AssemblyName 'System.IO.Compression', 'System.IO.Compression.FileSystem'
    $root = "$(Get-GopheropsLongPath -Path $Destination)\"
    $unsafe = '[\\:*?"<>|\x00-\x1f]|(^|/)(/|$)|[. ](/|$)'
    $device = '(?i)(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?(/|$)'
    $seen = New-Object -TypeName 'Collections.Generic.HashSet[String]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $made = New-Object -TypeName 'Collections.Generic.HashSet[String]' -ArgumentList ([StringComparer]::Ordinal)
    $buffer = New-Object -TypeName Byte[] -ArgumentList 262144
    $total = [Int64]0
    $archive = [IO.Compression.ZipFile]::OpenRead($Path)
    try {
        foreach ($entry in $archive.Entries) {
            $full = $entry.FullName
            $under = $Prefix | Where-Object -FilterScript { $full.StartsWith($_, [StringComparison]::Ordinal) } | Select-Object -First 1
            if ($full.TrimEnd('/') -cmatch $unsafe -or $full -cmatch $device) {
                throw "holds the unsafe name '$full'"
            }
            if (-not $under -or $full.EndsWith('/')) {
                continue
            }
            $name = $full.Substring($under.Length)
            if ($name -cmatch $Skip) {
                continue
            }
            if (-not $seen.Add($name)) {
                throw "holds '$name' twice"
            }
            if ($seen.Count -gt 60000) {
                throw 'holds more than 60000 files'
            }
            # A module zip may hold no go.mod below its root, so Go's release tool renames them.
            if ($under.StartsWith('golang.org/', [StringComparison]::Ordinal) -and $name -cmatch '(^|/)_go\.mod$') {
                $name = "$($name.Substring(0, $name.Length - 7))go.mod"
            }
            $file = "$root$($name.Replace('/', '\'))"
            $folder = $file.Substring(0, $file.LastIndexOf('\'))
            if ($made.Add($folder)) {
                $null = [IO.Directory]::CreateDirectory($folder)
            }
            $source = $entry.Open()
            $target = [IO.File]::Open($file, [IO.FileMode]::CreateNew, [IO.FileAccess]::Write, [IO.FileShare]::None)
            try {
                while (($count = $source.Read($buffer, 0, $buffer.Length)) -gt 0) {
                    $total += $count
                    if ($total -gt 1073741824) {
                        throw 'unpacks to more than 1 GiB'
                    }
                    $target.Write($buffer, 0, $count)
                }
            }
            finally {
                $target.Dispose()
                $source.Dispose()
            }
        }
    }
    finally {
        $archive.Dispose()
    }
    if ($seen.Count -eq 0) {
        throw "holds nothing under $($Prefix -join ' or ')"
    }
}

$export = @{
    Function = @(
        'Save-GopheropsUrl'
        'Find-GopheropsLink'
        'Expand-GopheropsZip'
    )
}
Export-ModuleMember @export
