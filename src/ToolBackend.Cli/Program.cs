using ToolBackend.Cli;

return await CommandTree.RunAsync(args);
