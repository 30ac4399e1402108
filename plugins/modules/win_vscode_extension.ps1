#!powershell

# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Fetch
#AnsibleRequires -PowerShell ..module_utils._Files
#AnsibleRequires -PowerShell ..module_utils._GoLink
#AnsibleRequires -PowerShell ..module_utils._GoTree
#AnsibleRequires -PowerShell ..module_utils._Program
#AnsibleRequires -PowerShell ..module_utils._Vsix

$spec = @{
    options = @{
        action = @{
            type = 'str'
            required = $true
            choices = 'read', 'apply'
        }
        paths = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        commands = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        policies = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        folders = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        names = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        packages = @{
            type = 'list'
            elements = 'str'
            default = @()
        }
        act = @{
            type = 'dict'
            options = @{
                kind = @{
                    type = 'str'
                    required = $true
                    choices = 'lay', 'write', 'remove', 'command', 'fetch'
                }
                path = @{
                    type = 'str'
                    required = $true
                }
                folder = @{
                    type = 'str'
                    default = ''
                }
                name = @{
                    type = 'str'
                    default = ''
                }
                sha256 = @{
                    type = 'str'
                    default = ''
                }
                before = @{
                    type = 'str'
                    default = ''
                }
                content = @{
                    type = 'str'
                    default = ''
                }
                url = @{
                    type = 'str'
                    default = ''
                }
                arguments = @{
                    type = 'str'
                    default = ''
                }
                environment = @{
                    type = 'dict'
                    default = @{}
                }
            }
        }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

Function Find-Command {
    param ($Name)
    $found = Get-Command -Name $Name -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -ne $found) {
        return $found.Path
    }
    ''
}

Function Invoke-Editor {
    param ($Act)
    $scratch = [IO.Path]::Combine([IO.Path]::GetTempPath(), "gopherops-$([Guid]::NewGuid().ToString('N'))")
    $null = [IO.Directory]::CreateDirectory($scratch)
    try {
        $environment = @{}
        foreach ($name in $Act.environment.Keys) {
            $environment[$name] = [String]$Act.environment[$name]
        }
        $program = @{
            Path = $Act.path
            Argument = $Act.arguments
            Folder = $scratch
            Scratch = $scratch
            Environment = $environment
            Seconds = 600
        }
        Invoke-GopheropsProgram @program
    }
    finally {
        [IO.Directory]::Delete($scratch, $true)
    }
}

Function Invoke-Act {
    param ($Act)
    $path = [Environment]::ExpandEnvironmentVariables($Act.path)
    switch ($Act.kind) {
        'lay' {
            $package = @{
                Path = $path
                Folder = $Act.folder
                Name = $Act.name
                Sha256 = $Act.sha256
                ErrorAction = 'Stop'
            }
            Install-GopheropsVsix @package
        }
        'write' { Write-GopheropsFile -Path $path -Content $Act.content -Before $Act.before -ErrorAction Stop }
        'remove' {
            try {
                Remove-GopheropsPlace -Path $path
            }
            catch {
                # A running editor holds it open; the controller marks it, and the editor removes it when it starts next.
                $module.Result.left = $_.Exception.GetBaseException().Message
            }
        }
        'command' { $module.Result.ran = Invoke-Editor -Act $Act }
        'fetch' {
            $login = @{ username = ''; password = ''; authority = '' }
            Save-GopheropsUrl -Url $Act.url -Path $path -Login $login -Limit 2147483648 -Patience 60 -ErrorAction Stop
        }
    }
}

if ($module.Params.action -eq 'apply') {
    if ($null -eq $module.Params.act) {
        $module.FailJson("Cannot change extensions: no act was given. Call gopherops.workstation.vscode_extension.")
    }
    $module.Result.changed = $module.Params.act.kind -ne 'fetch'
    if (-not $module.CheckMode) {
        try {
            Invoke-Act -Act $module.Params.act
        }
        catch {
            $module.FailJson("Cannot change extensions: $($_.Exception.GetBaseException().Message). What is on the list of extensions works as before.", $_)
        }
    }
}

try {
    $module.Result.environment = @{}
    foreach ($name in 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'ProgramFiles', 'VSCODE_PORTABLE', 'VSCODE_EXTENSIONS') {
        $module.Result.environment[$name] = [String][Environment]::GetEnvironmentVariable($name)
    }
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
    $module.Result.processor = [String](Get-ItemProperty -LiteralPath $key).PROCESSOR_ARCHITECTURE
    $module.Result.places = @($module.Params.paths | ForEach-Object { Get-GopheropsFileState -Path $_ })
    $module.Result.commands = @{}
    foreach ($name in $module.Params.commands) {
        $module.Result.commands[$name] = Find-Command -Name $name
    }
    $module.Result.policies = @{}
    foreach ($key in $module.Params.policies) {
        $module.Result.policies[$key] = Get-GopheropsPolicy -Key $key -Name 'AllowedExtensions'
    }
    $module.Result.stores = @($module.Params.folders | ForEach-Object { Get-GopheropsExtension -Path $_ -Name $module.Params.names })
    $module.Result.packages = @($module.Params.packages | ForEach-Object { Read-GopheropsVsix -Path $_ })
}
catch {
    $module.FailJson("Cannot look at extensions: $($_.Exception.GetBaseException().Message). Correct that and run again.", $_)
}

$module.ExitJson()
