#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Access
#AnsibleRequires -PowerShell ..module_utils._GoEnv
#AnsibleRequires -PowerShell ..module_utils._Program

$spec = @{
    options = @{
        go = @{
            type = 'str'
            default = ''
        }
        gopls = @{
            type = 'str'
            default = ''
        }
        probe = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{
                name = @{
                    type = 'str'
                    required = $true
                }
                text = @{
                    type = 'str'
                    required = $true
                }
            }
        }
        build_seconds = @{
            type = 'int'
            default = 300
        }
        probe_seconds = @{
            type = 'int'
            default = 180
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$scratch = [IO.Path]::Combine([IO.Path]::GetTempPath(), "gopherops-$([Guid]::NewGuid().ToString('N'))")
$empty = [IO.Path]::Combine($scratch, 'empty')
$quiet = @{ GOTOOLCHAIN = 'local'; GOWORK = 'off' }

Function Find-Go {
    $given = [Environment]::ExpandEnvironmentVariables($module.Params.go)
    $candidates = @($given, "$given.exe")
    $candidates += @(Get-Command -Name go.exe -CommandType Application -All -ErrorAction SilentlyContinue | ForEach-Object { $_.Path })
    $candidates += [IO.Path]::Combine($env:USERPROFILE, 'sdk\go\bin\go.exe')
    $candidates += 'C:\Program Files\Go\bin\go.exe'
    $candidates | Where-Object { $_ -and [IO.File]::Exists($_) } | Select-Object -Unique
}

Function Get-Directory {
    param ($Path)
    $root = [IO.Path]::GetPathRoot($Path)
    $found = @{ path = $Path; exists = [IO.Directory]::Exists($Path); fstype = ''; drive_type = 0 }
    if ($root -match '^[A-Za-z]:') {
        $drive = New-Object -TypeName IO.DriveInfo -ArgumentList $root
        $found.drive_type = [Int32]$drive.DriveType
        if ($drive.IsReady) {
            $found.fstype = $drive.DriveFormat
            $found.free_bytes = $drive.AvailableFreeSpace
        }
    }
    elseif ($root.StartsWith('\\')) {
        $found.drive_type = 4
    }
    $found
}

Function Get-Info {
    param ($Gos)
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $administrator = [Security.Principal.WindowsBuiltInRole]::Administrator
    $info = @{
        release = [Environment]::OSVersion.Version.ToString()
        user = @{
            name = $identity.Name
            home = $env:USERPROFILE
            elevated = (New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity).IsInRole($administrator)
        }
        environment = @{}
        registry = @{
            user = Get-GopheropsEnvironmentValue -Scope user
            machine = Get-GopheropsEnvironmentValue -Scope machine
        }
        windows = Get-GopheropsWindowsFact
        gos = @()
        go = $null
        gopls = ''
        directories = @{}
        git_long_paths = ''
    }
    # A hashtable of PowerShell finds 'Path' and 'PATH' alike.
    $folders = @("$($info.registry.machine['Path'].data)" -split ';' | Where-Object -FilterScript { $_.Trim() })
    $info.windows.machine_path = @(Get-GopheropsDescriptor -Path $folders)
    foreach ($pair in [Environment]::GetEnvironmentVariables().GetEnumerator()) {
        if ($pair.Key -match '^(GO|CGO_|PATH$|HTTPS?_PROXY$|NO_PROXY$)') {
            $info.environment["$($pair.Key)".ToUpperInvariant()] = [String]$pair.Value
        }
    }
    foreach ($path in $Gos) {
        $ran = Invoke-GopheropsProgram -Path $path -Argument 'version' -Folder $empty -Scratch $scratch -Environment $quiet
        $info.gos += @{ path = $path; out = $ran.out; err = $ran.err; rc = $ran.rc }
    }
    if ($Gos.Count -gt 0) {
        $ran = Invoke-GopheropsProgram -Path $Gos[0] -Argument 'env -json' -Folder $empty -Scratch $scratch -Environment $quiet
        $info.go = @{ path = $Gos[0]; rc = $ran.rc; out = $ran.out; err = $ran.err }
        if ($ran.rc -eq 0) {
            $go = ConvertFrom-Json -InputObject $ran.out
            foreach ($name in 'GOCACHE', 'GOMODCACHE', 'GOBIN', 'GOTMPDIR') {
                if ($go.$name) {
                    $info.directories[$name] = Get-Directory -Path $go.$name
                }
            }
            $gopath = @("$($go.GOPATH)" -split ';')[0]
            $info.directories.GOPATH = Get-Directory -Path $gopath
            $bin = $go.GOBIN
            if (-not $bin) {
                $bin = [IO.Path]::Combine($gopath, 'bin')
            }
            $info.gopls = [IO.Path]::Combine($bin, 'gopls.exe')
        }
    }
    if ($module.Params.gopls) {
        $info.gopls = [Environment]::ExpandEnvironmentVariables($module.Params.gopls)
    }
    if (-not [IO.File]::Exists($info.gopls)) {
        $info.gopls = ''
    }
    $git = Get-Command -Name git.exe -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($git) {
        $ran = Invoke-GopheropsProgram -Path $git.Path -Argument 'config --get core.longpaths' -Folder $empty -Scratch $scratch
        $info.git_long_paths = "$($ran.out)".Trim()
        $info.git = $git.Path
    }
    $info
}

Function Invoke-Proof {
    param ($Info)
    $code = [IO.Path]::Combine($scratch, 'probe')
    $work = [IO.Path]::Combine($scratch, 'scratch')
    $null = [IO.Directory]::CreateDirectory($code)
    $null = [IO.Directory]::CreateDirectory($work)
    $utf8 = New-Object -TypeName Text.UTF8Encoding -ArgumentList $false
    foreach ($file in $module.Params.probe) {
        [IO.File]::WriteAllText([IO.Path]::Combine($code, [IO.Path]::GetFileName($file.name)), $file.text, $utf8)
    }
    $go = ConvertFrom-Json -InputObject $Info.go.out
    $config = @{
        gopls = $Info.gopls
        args = @()
        env = @()
        settings = @{}
        goversion = $go.GOVERSION
        goroot = $go.GOROOT
        scratch = ''
        module = $null
        workspace = ''
        seconds = 120
        budget = $module.Params.probe_seconds
        answers = $false
        test = @($Info.go.path, 'test', '-trimpath', '-vet=off', '.')
        building = $module.Params.build_seconds
    }
    if ($Info.gopls) {
        $config.scratch = $work
    }
    $question = [IO.Path]::Combine($scratch, 'question.json')
    [IO.File]::WriteAllText($question, (ConvertTo-Json -InputObject $config -Compress), $utf8)
    $own = @{ GOTOOLCHAIN = 'local'; GOWORK = 'off'; GOOS = ''; GOARCH = '' }
    # As for an editor whose path begins with this Go.
    $own.PATH = "$([IO.Path]::GetDirectoryName($Info.go.path));$env:PATH"
    $common = @{ Path = $Info.go.path; Folder = $code; Scratch = $scratch; Environment = $own }
    $longest = $module.Params.build_seconds + [Math]::Max($module.Params.probe_seconds, $module.Params.build_seconds) + 20
    Invoke-GopheropsProgram @common -Argument 'run -trimpath .' -InputFile $question -Seconds $longest
}

try {
    $null = [IO.Directory]::CreateDirectory($empty)
    $info = Get-Info -Gos @(Find-Go)
    $module.Result.seen = $info
    $module.Result.proof = $null
    if ($module.Params.probe.Count -gt 0 -and $null -ne $info.go -and $info.go.rc -eq 0) {
        $module.Result.proof = Invoke-Proof -Info $info
    }
}
catch {
    $module.FailJson("Cannot look at Go on this machine: $($_.Exception.Message). Nothing was changed.", $_)
}
finally {
    try {
        [IO.Directory]::Delete($scratch, $true)
    }
    catch {
        $module.Debug("left: $scratch")
    }
}

$module.ExitJson()
