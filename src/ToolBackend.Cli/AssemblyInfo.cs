using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ToolBackend.Cli.Tests")]
