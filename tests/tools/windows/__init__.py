"""Reads PowerShell without PowerShell, and plays the Windows host where a test needs one."""
