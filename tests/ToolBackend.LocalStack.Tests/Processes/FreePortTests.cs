using System.Net;
using System.Net.Sockets;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Tests.Processes;

public sealed class FreePortTests
{
    [Fact]
    public async Task Nobody_answers_on_a_held_port_until_a_server_names_it_and_only_one_can()
    {
        var port = FreePort.Next();
        using var early = new TcpClient();
        (await Should.ThrowAsync<SocketException>(() => early.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken).AsTask()))
            .SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);

        using var server = new TcpListener(IPAddress.Loopback, port);
        server.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        using var accepted = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        FreePort.IsFree(port).ShouldBeFalse();
    }

    [Fact]
    public void A_held_port_goes_to_nobody_who_takes_any_port()
    {
        var held = Enumerable.Range(0, 500).Select(_ => FreePort.Next()).ToHashSet();
        held.Count.ShouldBe(500);
        var strangers = Enumerable.Range(0, 2000).Select(_ =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }).ToList();
        try
        {
            strangers.Select(s => ((IPEndPoint)s.LocalEndPoint!).Port).ShouldAllBe(port => !held.Contains(port));
        }
        finally
        {
            strangers.ForEach(s => s.Dispose());
        }
    }
}
