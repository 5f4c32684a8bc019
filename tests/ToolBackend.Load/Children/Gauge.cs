using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime;
using System.Text;
using System.Text.Json;

namespace ToolBackend.Load.Children;

/// <summary>What a server process has used up so far.</summary>
/// <param name="CompilingMicroseconds">Of it, in the just-in-time compiler: what a new process pays and an old one does not.</param>
/// <param name="HeapBytes">Of live objects and of garbage that was not collected yet.</param>
internal readonly record struct GaugeReading(long AllocatedBytes, double CpuMicroseconds, long WorkingSetBytes, double CompilingMicroseconds, long HeapBytes)
{
    public static GaugeReading OfThisProcess()
    {
        using var self = Process.GetCurrentProcess();
        return new(GC.GetTotalAllocatedBytes(precise: true), self.TotalProcessorTime.TotalMicroseconds, self.WorkingSet64, JitInfo.GetCompilationTime().TotalMicroseconds, GC.GetTotalMemory(forceFullCollection: false));
    }
}

/// <summary>
/// A loopback port beside the measured one that answers each connection with a <see cref="GaugeReading"/>: the product has no
/// such endpoint, and an outside profiler would cost what it measures.
/// </summary>
internal static class Gauge
{
    public static async Task ServeAsync(int port, CancellationToken cancellation)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellation);
                await client.Client.SendAsync(Encoding.ASCII.GetBytes(JsonSerializer.Serialize(GaugeReading.OfThisProcess())), SocketFlags.None, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server ends, and its gauge with it.
        }
    }

    public static async Task<GaugeReading> ReadAsync(int port, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        using var reader = new StreamReader(client.GetStream());
        return JsonSerializer.Deserialize<GaugeReading>(await reader.ReadToEndAsync(limit.Token));
    }
}
