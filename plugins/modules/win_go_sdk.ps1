#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Access
#AnsibleRequires -PowerShell ..module_utils._Fetch
#AnsibleRequires -PowerShell ..module_utils._Files
#AnsibleRequires -PowerShell ..module_utils._GoLink
#AnsibleRequires -PowerShell ..module_utils._GoSdk
#AnsibleRequires -PowerShell ..module_utils._GoTree
#AnsibleRequires -PowerShell ..module_utils._Installer

$spec = @{
    options = @{
        action = @{
            type = 'str'
            required = $true
            choices = 'read', 'apply'
        }
        root = @{
            type = 'str'
            required = $true
        }
        link = @{
            type = 'str'
            required = $true
        }
        trees = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                platform = @{
                    type = 'str'
                    required = $true
                }
                version = @{
                    type = 'str'
                    required = $true
                }
                h1 = @{
                    type = 'str'
                    default = ''
                }
            }
        }
        full = @{
            type = 'bool'
            default = $false
        }
        before = @{
            type = 'str'
            default = ''
        }
        steps = @{
            type = 'list'
            elements = 'dict'
            default = @()
        }
        login = @{
            type = 'dict'
            default = @{}
            options = @{
                username = @{
                    type = 'str'
                    default = ''
                }
                password = @{
                    type = 'str'
                    default = ''
                    no_log = $true
                }
            }
        }
        lock_timeout = @{
            type = 'int'
            default = 900
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$root = [IO.Path]::GetFullPath([Environment]::ExpandEnvironmentVariables($module.Params.root))
$link = [IO.Path]::GetFullPath([Environment]::ExpandEnvironmentVariables($module.Params.link))
$mark = [IO.Path]::Combine($root, '.go.place')

Function Read-Sdk {
    # An emulated PowerShell is told the wrong processor; the registry has the right one.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
    $processor = (Get-ItemProperty -LiteralPath $key).PROCESSOR_ARCHITECTURE
    $found = Get-GopheropsSdk -Root $root -Link $link
    $found.platform = "windows-$("$processor".ToLowerInvariant())"
    $found.installers = @(Get-GopheropsInstaller)
    $found.trees = @(
        foreach ($one in $module.Params.trees) {
            if ($one.platform -eq $found.platform) {
                $look = @{
                    Path = [IO.Path]::Combine($root, "go$($one.version)")
                    Manifest = [IO.Path]::Combine($root, ".go$($one.version).manifest")
                    Version = $one.version
                    Platform = $one.platform
                    Wanted = $one.h1
                    Full = $module.Params.full
                }
                if ($found.link.kind -eq 'directory' -and $found.notes['.go.place'] -ceq "go$($one.version)") {
                    $look.Path = $link
                }
                Get-GopheropsTree @look
            }
        }
    )
    $found.link_go_env = (Read-GopheropsFile -Path ([IO.Path]::Combine($link, 'go.env')) -ErrorAction Stop).content
    $found.link_tree = $null
    if ($found.link.kind -eq 'directory' -and $found.link_says -match '^go([0-9][0-9a-z.]*)$' -and -not $found.notes['.go.place']) {
        $found.link_tree = Get-GopheropsTree -Path $link -Version $Matches[1] -Platform $found.platform -Manifest '' -Wanted '' -Full
    }
    $found
}

Function Invoke-Step {
    param ($Step)
    switch ($Step.act) {
        'mkdir' {
            $null = [IO.Directory]::CreateDirectory($Step.path)
            if ($Step.guard) {
                Protect-GopheropsFolder -Path $Step.path
            }
        }
        'uninstall' { Remove-GopheropsInstaller -Product $Step.product -Path $Step.path }
        'remove' { Remove-GopheropsPlace -Path $Step.path }
        'drop' {
            # What is half gone must not look like a version.
            $away = [IO.Path]::Combine($root, ".stage-$PID-$([Guid]::NewGuid().ToString('N').Substring(0, 8))")
            Remove-GopheropsPlace -Path $Step.manifest
            Move-GopheropsDirectory -Path $Step.path -To $away
            Remove-GopheropsPlace -Path $away
        }
        'move' { Move-GopheropsDirectory -Path $Step.path -To $Step.to }
        'write' { Write-GopheropsFile -Path $Step.path -Content $Step.content -Before (Get-GopheropsDigest -Path $Step.path) -ErrorAction Stop }
        'note' {
            $digests = Get-GopheropsTreeDigest -Tree $Step.path
            $header = [ordered]@{}
            foreach ($name in $Step.header.Keys) {
                $header[$name] = $Step.header[$name]
            }
            Write-GopheropsManifest -Path $Step.manifest -Tree $Step.path -Header $header -Digest $digests
        }
        'link' { Set-GopheropsLink -Link $link -Tree $Step.path -Mark $mark -Back $Step.back }
        'install' { $module.Result.laid += @(Install-GopheropsGo -Root $root -Step $Step -Login $module.Params.login) }
        default { throw "there is no step '$($Step.act)'" }
    }
}

if ($module.Params.action -eq 'read') {
    try {
        $module.Result.seen = Read-Sdk
    }
    catch {
        $module.FailJson("Cannot look at Go in directory '$root': $($_.Exception.Message). Nothing was changed.", $_)
    }
    $module.ExitJson()
}

$module.Result.laid = @()
$module.Result.changed = $module.Params.steps.Count -gt 0
if ($module.CheckMode) {
    $module.ExitJson()
}
$lock = $null
try {
    $null = [IO.Directory]::CreateDirectory($root)
    $lock = Lock-GopheropsRoot -Root $root -Patience $module.Params.lock_timeout
    $now = Get-GopheropsSdk -Root $root -Link $link
    if ($now.token -cne $module.Params.before) {
        throw 'another run has changed it meanwhile. Run again'
    }
    foreach ($step in $module.Params.steps) {
        Invoke-Step -Step $step
    }
}
catch {
    $cause = $_.Exception.GetBaseException().Message
    if ($_.Exception.GetBaseException() -is [UnauthorizedAccessException]) {
        $cause = "$cause This account may not write there, or a program holds a file open. Use scope user, or an administrator's account"
    }
    $module.FailJson("Cannot change Go in directory '$root': $cause. What stood there works as before; run again once the cause is gone.", $_)
}
finally {
    if ($null -ne $lock) {
        $lock.Dispose()
    }
    if ([IO.Directory]::Exists($root) -and [IO.Directory]::GetFileSystemEntries($root).Length -eq 0) {
        [IO.Directory]::Delete($root)
    }
}

$module.ExitJson()
