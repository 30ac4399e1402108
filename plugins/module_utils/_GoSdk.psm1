# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: trees looked at, laid down and noted. What is to be done is decided on the controller.

Function Get-GopheropsTree {
    <#
    .SYNOPSIS
    One tree: whether its stamp is the noted one, and if not, its hash and the files that differ from the note.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $Version,

        [Parameter(Mandatory = $true)]
        [String]
        $Platform,

        [AllowEmptyString()]
        [String]
        $Manifest,

        [AllowEmptyString()]
        [String]
        $Wanted,

        [Switch]
        $Full
    )
    $place = Get-GopheropsPlace -Path $Path
    $found = @{ version = $Version; path = $Path; kind = $place.kind; target = $place.target; h1 = ''; differences = @(); go_env = ''; read = $false }
    if ($place.kind -ne 'directory') {
        return $found
    }
    $goEnv = [IO.Path]::Combine($Path, 'go.env')
    if (Test-Path -LiteralPath $goEnv -PathType Leaf) {
        $found.go_env = [Convert]::ToBase64String([IO.File]::ReadAllBytes($goEnv))
    }
    $noted = @()
    if ($Manifest -and (Test-Path -LiteralPath $Manifest -PathType Leaf)) {
        $noted = [IO.File]::ReadAllLines($Manifest)
    }
    if ($noted.Count -gt 0 -and -not $Full) {
        $header = ConvertFrom-Json -InputObject $noted[0]
        if ($header.h1 -and ($header.h1 -ceq $Wanted -or -not $Wanted) -and $header.stat -ceq (Get-GopheropsTreeStamp -Tree $Path)) {
            $found.h1 = [String]$header.h1
            return $found
        }
    }
    $found.read = $true
    $digests = Get-GopheropsTreeDigest -Tree $Path
    $found.h1 = Get-GopheropsTreeHash -Digest $digests -Version $Version -Platform $Platform
    if ($noted.Count -gt 1 -and $found.h1 -cne $Wanted) {
        $known = New-Object -TypeName 'Collections.Generic.Dictionary[String, String]'
        foreach ($line in ($noted | Select-Object -Skip 1)) {
            $known[$line.Substring(66)] = $line.Substring(0, 64)
        }
        $found.differences = @(
            foreach ($pair in $digests.GetEnumerator()) {
                if (-not $known.ContainsKey($pair.Key)) {
                    "$($pair.Key) (extra)"
                }
                elseif ($known[$pair.Key] -cne $pair.Value) {
                    "$($pair.Key) (changed)"
                }
            }
            foreach ($name in $known.Keys) {
                if (-not $digests.ContainsKey($name)) {
                    "$name (missing)"
                }
            }
        )
    }
    $found
}

Function Write-GopheropsManifest {
    <#
    .SYNOPSIS
    Notes a proved tree beside it.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $Tree,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Header,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Digest
    )
    if (-not $PSCmdlet.ShouldProcess($Path, 'Write')) {
        return
    }
    $Header.stat = Get-GopheropsTreeStamp -Tree $Tree
    $text = New-Object -TypeName Text.StringBuilder
    $null = $text.Append((ConvertTo-Json -InputObject $Header -Compress)).Append("`n")
    foreach ($pair in $Digest.GetEnumerator()) {
        $null = $text.Append($pair.Value).Append('  ').Append($pair.Key).Append("`n")
    }
    $fresh = "$Path.new"
    # Without a byte order mark.
    [IO.File]::WriteAllText($fresh, $text.ToString(), (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false))
    if (Test-Path -LiteralPath $Path) {
        [IO.File]::Delete($Path)
    }
    [IO.File]::Move($fresh, $Path)
}

Function Save-GopheropsTree {
    <#
    .SYNOPSIS
    Lays a release down out of one source, and proves it. Throws a few words when it cannot.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Source,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Step,

        [Parameter(Mandatory = $true)]
        [String]
        $Stage,

        [Parameter(Mandatory = $true)]
        [String]
        $Tree,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Login
    )
    Remove-GopheropsPlace -Path $Tree
    $null = [IO.Directory]::CreateDirectory($Tree)
    $archive = [IO.Path]::Combine($Stage, 'download.zip')
    $url = $Source.url
    if ($Source.type -eq 'local') {
        $archive = [Environment]::ExpandEnvironmentVariables($Source.path)
        $url = $Source.from
    }
    else {
        $Login.authority = ([Uri]$Source.url).Authority
        $request = @{ Login = $Login; Patience = $Step.patience; ErrorAction = 'Stop' }
        if ($Source.type -eq 'pypi') {
            $url = Find-GopheropsLink -Url $Source.url -Name $Source.wheel @request
        }
        Save-GopheropsUrl -Url $url -Path $archive -Limit $Source.limit @request
    }
    $proofs = @()
    if ($Source.sha256) {
        $digest = (Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash.ToLowerInvariant()
        if ($digest -cne $Source.sha256) {
            throw "has SHA-256 $digest, published is $($Source.sha256)"
        }
        if ($Source.type -eq 'archive') {
            $proofs += 'SHA-256 equals the published pin'
        }
    }
    Expand-GopheropsZip -Path $archive -Destination $Tree -Prefix $Step.prefixes -Skip $Source.skip -ErrorAction Stop
    foreach ($extra in $Source.extra) {
        $path = [IO.Path]::Combine($Tree, $extra.name)
        if (-not (Test-Path -LiteralPath $path)) {
            [IO.File]::WriteAllBytes($path, [Text.Encoding]::UTF8.GetBytes($extra.text))
        }
    }
    $digests = Get-GopheropsTreeDigest -Tree $Tree
    $found = Get-GopheropsTreeHash -Digest $digests -Version $Step.version -Platform $Step.platform
    if ($Step.h1) {
        if ($found -cne $Step.h1) {
            throw "holds '$(Get-GopheropsStatedVersion -Tree $Tree)' with $found, which is not the release ($($Step.h1))"
        }
        $proofs += 'h1 equals the published pin'
    }
    if ($proofs.Count -eq 0) {
        throw 'cannot be proved: neither h1 nor SHA-256 of it is known'
    }
    $header = [ordered]@{
        format = 1
        version = $Step.version
        platform = $Step.platform
        h1 = $found
        proof = $proofs -join ', '
        source = $Source.name
        source_url = $url
        ours = $true
        stat = ''
    }
    @{ header = $header; digests = $digests }
}

Function Install-GopheropsGo {
    <#
    .SYNOPSIS
    Gets a release from the first source that can give it, proves it, tries it, and moves it to its place.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Root,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Step,

        [Parameter(Mandatory = $true)]
        [Collections.IDictionary]
        $Login
    )
    if (-not $PSCmdlet.ShouldProcess($Step.path, 'Install')) {
        return
    }
    $stage = [IO.Path]::Combine($Root, ".stage-$PID-$([Guid]::NewGuid().ToString('N').Substring(0, 8))")
    $tree = [IO.Path]::Combine($stage, 'tree')
    $failed = @($Step.refused)
    $null = [IO.Directory]::CreateDirectory($stage)
    try {
        $laid = $null
        foreach ($source in $Step.sources) {
            try {
                $laid = Save-GopheropsTree -Source $source -Step $Step -Stage $stage -Tree $tree -Login $Login
                break
            }
            catch {
                $failed += "$($source.name) ($($source.from)) $($_.Exception.GetBaseException().Message)"
            }
        }
        if ($null -eq $laid) {
            throw "no source could give it; $($failed -join '; ')"
        }
        Test-GopheropsGo -Tree $tree -Version $Step.version
        if ($Step.go_env_top) {
            $goEnv = [IO.Path]::Combine($tree, 'go.env')
            [IO.File]::WriteAllBytes($goEnv, [Byte[]]([Convert]::FromBase64String($Step.go_env_top) + [IO.File]::ReadAllBytes($goEnv)))
        }
        if ($Step.aside) {
            Move-GopheropsDirectory -Path $Step.path -To $Step.aside
        }
        elseif ((Get-GopheropsPlace -Path $Step.path).kind -ne 'absent') {
            Move-GopheropsDirectory -Path $Step.path -To ([IO.Path]::Combine($stage, 'old'))
        }
        # A rename keeps the times, so the stamp that is noted here fits there.
        Write-GopheropsManifest -Path $Step.manifest -Tree $tree -Header $laid.header -Digest $laid.digests
        Move-GopheropsDirectory -Path $tree -To $Step.path
        return @{ version = $Step.version; header = $laid.header; failed = $failed }
    }
    finally {
        Remove-GopheropsPlace -Path $stage
    }
}

$export = @{
    Function = @(
        'Get-GopheropsTree'
        'Write-GopheropsManifest'
        'Install-GopheropsGo'
    )
}
Export-ModuleMember @export
