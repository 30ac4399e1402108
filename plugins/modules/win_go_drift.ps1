#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Files

$spec = @{
    options = @{
        state = @{
            type = 'str'
            default = 'present'
            choices = 'present', 'absent'
        }
        files = @{
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
        task = @{
            type = 'str'
            default = ''
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$sid = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
$folder = [IO.Path]::Combine($env:LOCALAPPDATA, 'gopherops', 'drift')
# One for each account: all tasks of a machine share their names.
$name = "gopherops.workstation drift $sid"

Function Find-Registered {
    param ($Root)
    try {
        $Root.GetTask($name)
    }
    catch {
        $null
    }
}

Function Test-Kept {
    # Whether a file holds this text already.
    param ($Path, $Content)
    (Read-GopheropsFile -Path $Path -ErrorAction Stop).content -ceq $Content
}

Function Write-Kept {
    param ($Path, $Content)
    $before = Get-GopheropsDigest -Path $Path
    $act = 'edit'
    if ($before -eq 'absent') {
        $act = 'create'
    }
    $module.Result.changes += @{ path = $Path; act = $act; what = '' }
    Write-GopheropsFile -Path $Path -Content $Content -Before $before -WhatIf:$module.CheckMode -ErrorAction Stop
}

Function ConvertTo-Content {
    param ($Text)
    [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
}

Function Set-Drift {
    param ($Root)
    foreach ($file in $module.Params.files) {
        $path = [IO.Path]::Combine($folder, $file.name)
        $content = ConvertTo-Content -Text $file.text.Replace('@FOLDER@', $folder.Replace('\', '\\'))
        if (-not (Test-Kept -Path $path -Content $content)) {
            Write-Kept -Path $path -Content $content
        }
    }
    $task = $module.Params.task.Replace('@SID@', $sid).Replace('@FOLDER@', [Security.SecurityElement]::Escape($folder))
    $note = [IO.Path]::Combine($folder, 'task.xml')
    $content = ConvertTo-Content -Text $task
    $registered = Find-Registered -Root $Root
    $same = Test-Kept -Path $note -Content $content
    if ($same -and $null -ne $registered -and $registered.Enabled) {
        return
    }
    $module.Result.changes += @{ path = $name; act = 'schedule'; what = 'the probe, which only reports' }
    if (-not $module.CheckMode) {
        # Made or replaced (6), for the account itself while it is logged on (3).
        $null = $Root.RegisterTask($name, $task, 6, $null, $null, 3)
    }
    # Last: it vouches for the task.
    if (-not $same) {
        Write-Kept -Path $note -Content $content
    }
}

Function Remove-Drift {
    param ($Root)
    if ($null -ne (Find-Registered -Root $Root)) {
        $module.Result.changes += @{ path = $name; act = 'remove'; what = 'scheduled task' }
        if (-not $module.CheckMode) {
            $Root.DeleteTask($name, 0)
        }
    }
    if ([IO.Directory]::Exists($folder)) {
        $module.Result.changes += @{ path = $folder; act = 'remove'; what = 'the probe and its reports' }
        if (-not $module.CheckMode) {
            [IO.Directory]::Delete($folder, $true)
            $above = [IO.Path]::GetDirectoryName($folder)
            if ([IO.Directory]::GetFileSystemEntries($above).Length -eq 0) {
                [IO.Directory]::Delete($above)
            }
        }
    }
}

$module.Result.changes = @()
$module.Result.report = [IO.Path]::Combine($folder, 'report.json')
try {
    $service = New-Object -ComObject Schedule.Service
    $service.Connect()
    $root = $service.GetFolder('\')
    if ($module.Params.state -eq 'present') {
        Set-Drift -Root $root
    }
    else {
        Remove-Drift -Root $root
    }
}
catch {
    $module.FailJson("Cannot schedule the doctor's probe: $($_.Exception.GetBaseException().Message). Run again when that is mended.", $_)
}
$module.Result.changed = $module.Result.changes.Count -gt 0

$module.ExitJson()
