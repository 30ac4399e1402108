module gopherops.example/dap

go 1.21
