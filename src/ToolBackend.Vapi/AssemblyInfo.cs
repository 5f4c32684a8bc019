using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ToolBackend.Vapi.Tests")]
