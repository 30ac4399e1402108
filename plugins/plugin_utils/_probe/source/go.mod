module gopherops.example/probe

go 1.18
