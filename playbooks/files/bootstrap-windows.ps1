# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Lets one machine reach this one with Ansible, by WinRM over HTTPS or by ssh; -Undo takes all of it back.

.DESCRIPTION
Run it once in a PowerShell that was started as administrator. It opens one port for one address, switches nothing on that
carries passwords in the clear, and notes what it changed in C:\ProgramData\gopherops\bootstrap.json.

.EXAMPLE
.\bootstrap-windows.ps1 -Method winrm -Address 192.0.2.10

.EXAMPLE
.\bootstrap-windows.ps1 -Method ssh -Address 192.0.2.10 -PublicKey 'ssh-ed25519 AAAA... ansible'

.EXAMPLE
.\bootstrap-windows.ps1 -Undo
#>
[CmdletBinding(DefaultParameterSetName = 'Open')]
param (
    # By which door.
    [Parameter(Mandatory = $true, ParameterSetName = 'Open')]
    [ValidateSet('winrm', 'ssh')]
    [String]
    $Method,

    # The machine that runs Ansible: an address or a network in CIDR notation.
    [Parameter(Mandatory = $true, ParameterSetName = 'Open')]
    [ValidatePattern('^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$')]
    [String]
    $Address,

    # The account that Ansible logs on as.
    [Parameter(ParameterSetName = 'Open')]
    [String]
    $Account = $env:USERNAME,

    # For ssh: the public key of the machine that runs Ansible.
    [Parameter(ParameterSetName = 'Open')]
    [String]
    $PublicKey,

    # Take everything back.
    [Parameter(Mandatory = $true, ParameterSetName = 'Undo')]
    [Switch]
    $Undo
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2.0

$notes = Join-Path -Path $env:ProgramData -ChildPath 'gopherops\bootstrap.json'
$rule = 'gopherops-ansible'
$listener = @{ Address = '*'; Transport = 'HTTPS' }
$shellKey = 'HKLM:\SOFTWARE\OpenSSH'
$usersOfRemoting = 'S-1-5-32-580'
$administrators = 'S-1-5-32-544'

Function Assert-Elevated {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity
    if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
        throw 'Cannot change how this machine is reached: this PowerShell is not elevated. Start it as administrator and run again.'
    }
}

Function Read-Note {
    # Nothing at all where there is no file: an empty array would count as one note.
    if (Test-Path -LiteralPath $notes) {
        [IO.File]::ReadAllText($notes) | ConvertFrom-Json | ForEach-Object { $_ }
    }
}

Function Add-Note {
    # Noted before it is done: what was not done after all is found undone by -Undo, and left.
    param ($What, $Before)
    $known = @(Read-Note)
    if (@($known | Where-Object { $_.what -eq $What }).Count -eq 0) {
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($notes))
        $all = @($known) + @([PSCustomObject]@{ what = $What; before = $Before })
        [IO.File]::WriteAllText($notes, (ConvertTo-Json -InputObject $all -Depth 4))
    }
}

Function Open-Port {
    param ($Port)
    Add-Note -What 'firewall' -Before $null
    Remove-NetFirewallRule -Name $rule -ErrorAction SilentlyContinue
    $opened = @{
        Name = $rule
        DisplayName = "Ansible from $Address (gopherops.workstation)"
        Direction = 'Inbound'
        Protocol = 'TCP'
        LocalPort = $Port
        RemoteAddress = $Address
        Action = 'Allow'
    }
    $null = New-NetFirewallRule @opened
}

Function Start-Door {
    param ($Name)
    $service = Get-Service -Name $Name
    Add-Note -What "service $Name" -Before @{ start = [String]$service.StartType; status = [String]$service.Status }
    Set-Service -Name $Name -StartupType Automatic
    Start-Service -Name $Name
}

Function Open-WinRM {
    Start-Door -Name 'WinRM'
    $existing = Get-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $listener -ErrorAction SilentlyContinue
    if ($null -eq $existing) {
        $names = @($env:COMPUTERNAME, [Net.Dns]::GetHostEntry('').HostName) | Select-Object -Unique
        $certificate = New-SelfSignedCertificate -DnsName $names -CertStoreLocation 'Cert:\LocalMachine\My' -NotAfter (Get-Date).AddYears(2)
        Add-Note -What 'certificate' -Before $certificate.Thumbprint
        Add-Note -What 'listener' -Before $null
        $values = @{ CertificateThumbprint = $certificate.Thumbprint; Hostname = $names[-1] }
        $null = New-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $listener -ValueSet $values
        $file = Join-Path -Path ([IO.Path]::GetDirectoryName($notes)) -ChildPath 'winrm.cer'
        $null = Export-Certificate -Cert $certificate -FilePath $file
        "Certificate of this machine, for the machine that runs Ansible: $file (thumbprint $($certificate.Thumbprint))"
    }
    # Members may log on remotely and are no administrators by it.
    $group = Get-LocalGroup -SID $usersOfRemoting
    if (-not (Get-LocalGroupMember -Group $group -ErrorAction SilentlyContinue | Where-Object { $_.Name -like "*\$Account" })) {
        Add-Note -What 'member' -Before $Account
        Add-LocalGroupMember -Group $group -Member $Account
    }
    Open-Port -Port 5986
    @"
Inventory:
  $($env:COMPUTERNAME.ToLowerInvariant()):
    ansible_host: $([Net.Dns]::GetHostEntry('').HostName)
    ansible_connection: psrp
    ansible_port: 5986
    ansible_user: $Account
"@
}

Function Add-Key {
    $isAdministrator = Get-LocalGroupMember -SID $administrators -ErrorAction SilentlyContinue | Where-Object { $_.Name -like "*\$Account" }
    # sshd reads the keys of administrators from one file that only administrators may write.
    $file = Join-Path -Path $env:ProgramData -ChildPath 'ssh\administrators_authorized_keys'
    if (-not $isAdministrator) {
        $sid = (New-Object -TypeName Security.Principal.NTAccount -ArgumentList $Account).Translate([Security.Principal.SecurityIdentifier]).Value
        $profileKey = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$sid"
        $file = Join-Path -Path (Get-ItemProperty -LiteralPath $profileKey).ProfileImagePath -ChildPath '.ssh\authorized_keys'
    }
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
    $lines = @()
    if (Test-Path -LiteralPath $file) {
        $lines = @([IO.File]::ReadAllLines($file))
    }
    if ($lines -notcontains $PublicKey) {
        Add-Note -What 'key' -Before @{ file = $file; key = $PublicKey }
        [IO.File]::WriteAllLines($file, [String[]]($lines + $PublicKey))
    }
    if ($isAdministrator) {
        $null = & icacls.exe $file /inheritance:r /grant "*$($administrators):F" /grant '*S-1-5-18:F'
    }
}

Function Open-Ssh {
    if (-not $PublicKey) {
        throw 'Cannot open ssh: -PublicKey is missing. Give the public key of the machine that runs Ansible; passwords are not needed.'
    }
    $capability = Get-WindowsCapability -Online -Name 'OpenSSH.Server*' | Select-Object -First 1
    if ($capability.State -ne 'Installed') {
        Add-Note -What 'capability' -Before $capability.Name
        $null = Add-WindowsCapability -Online -Name $capability.Name
    }
    Start-Door -Name 'sshd'
    # The rule that comes with it lets everybody in.
    $wide = Get-NetFirewallRule -Name 'OpenSSH-Server-In-TCP' -ErrorAction SilentlyContinue
    if ($null -ne $wide -and [String]$wide.Enabled -eq 'True') {
        Add-Note -What 'wide rule' -Before 'True'
        Disable-NetFirewallRule -Name 'OpenSSH-Server-In-TCP'
    }
    $before = (Get-ItemProperty -LiteralPath $shellKey -ErrorAction SilentlyContinue | Select-Object -Property DefaultShell -ErrorAction SilentlyContinue)
    Add-Note -What 'shell' -Before $before
    $shell = Join-Path -Path ([Environment]::SystemDirectory) -ChildPath 'WindowsPowerShell\v1.0\powershell.exe'
    if (-not (Test-Path -LiteralPath $shellKey)) {
        $null = New-Item -Path $shellKey
    }
    $null = New-ItemProperty -LiteralPath $shellKey -Name DefaultShell -Value $shell -PropertyType String -Force
    Add-Key
    Open-Port -Port 22
    @"
Inventory:
  $($env:COMPUTERNAME.ToLowerInvariant()):
    ansible_host: $([Net.Dns]::GetHostEntry('').HostName)
    ansible_connection: ssh
    ansible_shell_type: powershell
    ansible_user: $Account
"@
}

Function Undo-Note {
    param ($Note)
    switch -Regex ($Note.what) {
        '^firewall$' { Remove-NetFirewallRule -Name $rule -ErrorAction SilentlyContinue }
        '^listener$' { Remove-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $listener -ErrorAction SilentlyContinue }
        '^certificate$' {
            $store = New-Object -TypeName Security.Cryptography.X509Certificates.X509Store -ArgumentList 'My', 'LocalMachine'
            $store.Open('ReadWrite')
            foreach ($one in $store.Certificates.Find('FindByThumbprint', $Note.before, $false)) {
                $store.Remove($one)
            }
            $store.Close()
        }
        '^member$' { Remove-LocalGroupMember -Group (Get-LocalGroup -SID $usersOfRemoting) -Member $Note.before -ErrorAction SilentlyContinue }
        '^key$' {
            if (Test-Path -LiteralPath $Note.before.file) {
                $kept = @([IO.File]::ReadAllLines($Note.before.file) | Where-Object { $_ -ne $Note.before.key })
                [IO.File]::WriteAllLines($Note.before.file, [String[]]$kept)
            }
        }
        '^wide rule$' { Enable-NetFirewallRule -Name 'OpenSSH-Server-In-TCP' -ErrorAction SilentlyContinue }
        '^shell$' {
            if ($Note.before -and $Note.before.DefaultShell) {
                $null = New-ItemProperty -LiteralPath $shellKey -Name DefaultShell -Value $Note.before.DefaultShell -PropertyType String -Force
            }
            else {
                Remove-ItemProperty -LiteralPath $shellKey -Name DefaultShell -ErrorAction SilentlyContinue
            }
        }
        '^service ' {
            $name = $Note.what.Substring(8)
            if (Get-Service -Name $name -ErrorAction SilentlyContinue) {
                Set-Service -Name $name -StartupType $Note.before.start
                if ($Note.before.status -ne 'Running') {
                    Stop-Service -Name $name -Force -ErrorAction SilentlyContinue
                }
            }
        }
        '^capability$' { $null = Remove-WindowsCapability -Online -Name $Note.before }
    }
}

Assert-Elevated
if ($Undo) {
    $known = @(Read-Note)
    [Array]::Reverse($known)
    foreach ($one in $known) {
        "Taking back: $($one.what)"
        Undo-Note -Note $one
    }
    foreach ($file in $notes, (Join-Path -Path ([IO.Path]::GetDirectoryName($notes)) -ChildPath 'winrm.cer')) {
        [IO.File]::Delete($file)
    }
    'This machine is as it was.'
}
elseif ($Method -eq 'winrm') {
    Open-WinRM
}
else {
    Open-Ssh
}
