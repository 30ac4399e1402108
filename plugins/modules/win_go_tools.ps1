#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Files

$spec = @{
    options = @{
        action = @{
            type = 'str'
            required = $true
            choices = 'read', 'apply'
        }
        go = @{
            type = 'str'
            default = ''
        }
        bin_dir = @{
            type = 'str'
            default = ''
        }
        files = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        steps = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                file = @{
                    type = 'str'
                    required = $true
                }
                before = @{
                    type = 'str'
                    required = $true
                }
                source = @{
                    type = 'str'
                    default = ''
                }
                sha256 = @{
                    type = 'str'
                    default = ''
                }
            }
        }
        records = @{
            type = 'str'
            default = ''
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

Function Get-GoVariable {
    # As cmd/go asks: the environment, then the account's env file, where the last line of a name wins.
    param ($Name)
    $value = [Environment]::GetEnvironmentVariable($Name)
    if (-not $value) {
        $path = $env:GOENV
        if ([String]::IsNullOrEmpty($path)) {
            $path = [IO.Path]::Combine($env:APPDATA, 'go', 'env')
        }
        if (Test-Path -LiteralPath $path -PathType Leaf) {
            foreach ($line in [IO.File]::ReadAllLines($path)) {
                if ($line.StartsWith("$Name=", [StringComparison]::Ordinal)) {
                    $value = $line.Substring($Name.Length + 1)
                }
            }
        }
    }
    [String]$value
}

Function Get-BinDirectory {
    $path = [Environment]::ExpandEnvironmentVariables($module.Params.bin_dir)
    if (-not $path) {
        $path = Get-GoVariable -Name 'GOBIN'
    }
    if (-not $path) {
        $path = @((Get-GoVariable -Name 'GOPATH') -split ';')[0]
        if (-not $path) {
            $path = [IO.Path]::Combine($env:USERPROFILE, 'go')
        }
        $path = [IO.Path]::Combine($path, 'bin')
    }
    [IO.Path]::GetFullPath($path)
}

Function Expand-Parcel {
    param ($Source, $Target)
    $packed = [IO.File]::OpenRead($Source)
    $plain = New-Object -TypeName IO.Compression.GZipStream -ArgumentList $packed, ([IO.Compression.CompressionMode]::Decompress)
    $file = [IO.File]::Open($Target, [IO.FileMode]::CreateNew, [IO.FileAccess]::Write, [IO.FileShare]::None)
    try {
        $plain.CopyTo($file)
        $file.Flush($true)
    }
    finally {
        $file.Dispose()
        $plain.Dispose()
        $packed.Dispose()
    }
}

Function Invoke-Step {
    param ($Step, $Folder, $State)
    $path = [IO.Path]::Combine($Folder, $Step.file)
    $mark = [Guid]::NewGuid().ToString('N')
    $fresh = [IO.Path]::Combine($State, "new-$mark.exe")
    $old = [IO.Path]::Combine($State, "old-$mark.exe")
    try {
        if ($Step.source) {
            Expand-Parcel -Source $Step.source -Target $fresh
            $digest = Get-GopheropsDigest -Path $fresh
            if ($digest -cne $Step.sha256) {
                throw "what arrived has SHA-256 $digest, not $($Step.sha256)"
            }
        }
        # A program that runs can be renamed, and neither be overwritten nor deleted.
        if ([IO.File]::Exists($path)) {
            [IO.File]::Move($path, $old)
        }
        if ($Step.source) {
            try {
                [IO.File]::Move($fresh, $path)
            }
            catch {
                if ([IO.File]::Exists($old)) {
                    [IO.File]::Move($old, $path)
                }
                throw
            }
        }
    }
    finally {
        [IO.File]::Delete($fresh)
    }
}

Function Remove-Leftover {
    # What still runs stays until the next time.
    param ($State)
    foreach ($file in [IO.Directory]::GetFiles($State, '*-*.exe')) {
        try {
            # Also where it is read-only.
            [IO.File]::SetAttributes($file, [IO.FileAttributes]::Normal)
            [IO.File]::Delete($file)
        }
        catch {
            $module.Debug("left for the next run: $file")
        }
    }
}

$folder = Get-BinDirectory
$state = [IO.Path]::Combine($folder, '.gopherops')

if ($module.Params.action -eq 'read') {
    try {
        $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
        $module.Result.processor = [String](Get-ItemProperty -LiteralPath $key).PROCESSOR_ARCHITECTURE
        $module.Result.bin_dir = $folder
        $version = [IO.Path]::GetFullPath([IO.Path]::Combine([Environment]::ExpandEnvironmentVariables($module.Params.go), '..\..\VERSION'))
        $module.Result.go = ''
        if (Test-Path -LiteralPath $version -PathType Leaf) {
            $module.Result.go = [String]([IO.File]::ReadAllLines($version) | Select-Object -First 1)
        }
        $module.Result.records = (Read-GopheropsFile -Path ([IO.Path]::Combine($state, 'tools.json')) -ErrorAction Stop).content
        $module.Result.files = @{}
        foreach ($file in $module.Params.files) {
            $path = [IO.Path]::Combine($folder, $file)
            $module.Result.files[$file] = Get-GopheropsDigest -Path $path
            if ([IO.Directory]::Exists($path)) {
                $module.Result.files[$file] = 'directory'
            }
        }
    }
    catch {
        $module.FailJson("Cannot look at the tools in '$folder': $($_.Exception.Message). Nothing was changed.", $_)
    }
    $module.ExitJson()
}

$module.Result.changed = $module.Params.steps.Count -gt 0
if ($module.CheckMode) {
    $module.ExitJson()
}
try {
    $null = [IO.Directory]::CreateDirectory($state)
    foreach ($step in $module.Params.steps) {
        $now = Get-GopheropsDigest -Path ([IO.Path]::Combine($folder, $step.file))
        if ($now -ne $step.before -and ($step.source -or $now -ne 'absent')) {
            throw "$($step.file) was changed by somebody meanwhile. Run again"
        }
    }
    foreach ($step in $module.Params.steps) {
        Invoke-Step -Step $step -Folder $folder -State $state
    }
    $path = [IO.Path]::Combine($state, 'tools.json')
    Write-GopheropsFile -Path $path -Content $module.Params.records -Before (Get-GopheropsDigest -Path $path) -ErrorAction Stop
    Remove-Leftover -State $state
}
catch {
    $module.FailJson("Cannot install tools into '$folder': $($_.Exception.GetBaseException().Message). What was not replaced is as it was.", $_)
}

$module.ExitJson()
