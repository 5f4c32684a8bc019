using System.Net;
using System.Net.Sockets;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Testing;

public sealed class NoOutsideDialingTests
{
    [Theory]
    [InlineData("127.0.0.1", 5432)]
    [InlineData("::1", 80)]
    [InlineData("::ffff:127.0.0.1", 80)]
    public void An_address_of_this_machine_passes(string ip, int port) =>
        NoOutsideDialing.OutsideHost("ConnectStart", new IPEndPoint(IPAddress.Parse(ip), port).Serialize().ToString()).ShouldBeNull();

    [Theory]
    [InlineData("192.0.2.7", 443, "192.0.2.7")]
    [InlineData("2001:db8::1", 443, "2001:db8::1")]
    [InlineData("::ffff:192.0.2.7", 80, "192.0.2.7")]
    public void An_address_outside_is_named(string ip, int port, string expected) =>
        NoOutsideDialing.OutsideHost("ConnectStart", new IPEndPoint(IPAddress.Parse(ip), port).Serialize().ToString()).ShouldBe(expected);

    [Theory]
    [InlineData("localhost", null)]
    [InlineData("api.localhost", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("api.vapi.ai", "api.vapi.ai")]
    public void A_name_outside_is_named(string name, string? expected) =>
        NoOutsideDialing.OutsideHost("ResolutionStart", name).ShouldBe(expected);

    [Fact]
    public async Task The_runtime_reports_an_attempt_to_dial_out_before_it_is_answered()
    {
        var guard = new NoOutsideDialing();
        await guard.InitializeAsync();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var cancelled = new CancellationTokenSource();

        // 0.0.0.0 is this machine to the kernel, yet not a loopback address: the guard is tested without leaving.
        var dial = socket.ConnectAsync(IPAddress.Any, 9, cancelled.Token).AsTask();
        await Should.ThrowAsync<SocketException>(dial);

        guard.Dialled.ShouldContain("0.0.0.0");
        (await Should.ThrowAsync<InvalidOperationException>(async () => await guard.DisposeAsync())).Message.ShouldContain("0.0.0.0");
    }
}
