# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private, may change any time: programs that are run and end, and what Windows knows about a Go developer's machine.

Function Invoke-GopheropsProgram {
    <#
    .SYNOPSIS
    Runs a program in a folder, for a limited time; its output goes through files, so that nothing can block.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [String]
        $Path,

        [Parameter(Mandatory = $true)]
        [String]
        $Argument,

        [Parameter(Mandatory = $true)]
        [String]
        $Folder,

        [Parameter(Mandatory = $true)]
        [String]
        $Scratch,

        [Hashtable]
        $Environment = @{},

        [String]
        $InputFile = 'NUL',

        [Int32]
        $Seconds = 30
    )
    $mark = [IO.Path]::Combine($Scratch, [Guid]::NewGuid().ToString('N'))
    $start = New-Object -TypeName Diagnostics.ProcessStartInfo
    $start.FileName = [IO.Path]::Combine([Environment]::SystemDirectory, 'cmd.exe')
    $start.Arguments = '/d /s /c ""{0}" {1} <"{2}" >"{3}.out" 2>"{3}.err""' -f $Path, $Argument, $InputFile, $mark
    $start.WorkingDirectory = $Folder
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    foreach ($name in $Environment.Keys) {
        $start.EnvironmentVariables[$name] = $Environment[$name]
    }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $ended = $process.WaitForExit(1000 * $Seconds)
    if (-not $ended) {
        # The whole family: go starts compilers and tests.
        $null = & ([IO.Path]::Combine([Environment]::SystemDirectory, 'taskkill.exe')) /pid $process.Id /t /f 2>&1
        $null = $process.WaitForExit(10000)
    }
    $found = @{ rc = -1; timed_out = -not $ended; seconds = $watch.Elapsed.TotalSeconds; out = ''; err = '' }
    if ($ended) {
        $found.rc = $process.ExitCode
    }
    foreach ($name in 'out', 'err') {
        if ([IO.File]::Exists("$mark.$name")) {
            $found[$name] = [IO.File]::ReadAllText("$mark.$name")
        }
    }
    $process.Dispose()
    $found
}

Function Get-GopheropsWindowsFact {
    <#
    .SYNOPSIS
    Long paths, protection and recent refusals: what can stop a Go developer on Windows. What cannot be known is left out.
    #>
    [CmdletBinding()]
    [OutputType([Hashtable])]
    param ()
    $found = @{ onedrive = [String]$env:OneDrive; protected_folders = @(); exclusions = @() }
    $fileSystem = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\FileSystem' -ErrorAction SilentlyContinue
    if ($null -ne $fileSystem) {
        $found.long_paths = [Int32]$fileSystem.LongPathsEnabled
    }
    if (Get-Command -Name Get-MpPreference -ErrorAction SilentlyContinue) {
        $defender = Get-MpPreference -ErrorAction SilentlyContinue
        if ($null -ne $defender) {
            $found.controlled_folder_access = [Int32]$defender.EnableControlledFolderAccess
            $found.protected_folders = @($defender.ControlledFolderAccessProtectedFolders | Where-Object { $_ })
            $found.realtime_protection = -not $defender.DisableRealtimeMonitoring
            # Only administrators are told; others get a sentence in place of paths.
            $found.exclusions = @($defender.ExclusionPath | Where-Object { $_ -like '?:\*' })
        }
    }
    $found.events = @(
        foreach ($pair in @(
                @('Microsoft-Windows-Windows Defender/Operational', @(1116, 1117, 1123, 1127))
                @('Microsoft-Windows-CodeIntegrity/Operational', @(3077))
                @('Microsoft-Windows-AppLocker/EXE and DLL', @(8004))
            )) {
            $filter = @{ LogName = $pair[0]; Id = $pair[1]; StartTime = [DateTime]::Now.AddDays(-7) }
            foreach ($one in (Get-WinEvent -FilterHashtable $filter -MaxEvents 20 -ErrorAction SilentlyContinue)) {
                @{ id = $one.Id; message = "$($one.Message)".Substring(0, [Math]::Min(500, "$($one.Message)".Length)) }
            }
        }
    )
    $found
}

$export = @{
    Function = @(
        'Invoke-GopheropsProgram'
        'Get-GopheropsWindowsFact'
    )
}
Export-ModuleMember @export
