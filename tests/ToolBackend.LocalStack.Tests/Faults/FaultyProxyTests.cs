using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Faults;

public sealed class FaultyProxyTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private FaultyProxy _proxy = null!;
    private Task _serving = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        _echo.Start();
        _proxy = FaultyProxy.Start(_echo.LocalEndpoint);
        _serving = EchoAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _ended.CancelAsync();
        await _serving;
        _echo.Dispose();
    }

    [Fact]
    public async Task A_healthy_proxy_passes_a_megabyte_and_the_end_of_the_stream_both_ways()
    {
        using var client = await ConnectAsync();
        var sent = new byte[1_000_000];
        new Random(20261122).NextBytes(sent);

        var sending = Task.Run(async () =>
        {
            await client.GetStream().WriteAsync(sent);
            client.Client.Shutdown(SocketShutdown.Send);
        });
        using var received = new MemoryStream();
        await client.GetStream().CopyToAsync(received).WaitAsync(TimeSpan.FromSeconds(20));
        await sending;

        received.ToArray().ShouldBe(sent);
    }

    [Fact]
    public async Task Delays_of_both_directions_add_up_and_do_not_queue_behind_each_other()
    {
        _proxy.Apply(new ProxyFaults { DelayToServer = TimeSpan.FromMilliseconds(100), DelayToClient = TimeSpan.FromMilliseconds(150) });
        using var client = await ConnectAsync();
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 10; i++)
        {
            await client.GetStream().WriteAsync("x"u8.ToArray());
        }

        await client.GetStream().ReadExactlyAsync(new byte[10]).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        watch.ElapsedMilliseconds.ShouldBeInRange(240, 2000);
    }

    [Fact]
    public async Task A_black_hole_accepts_and_answers_when_it_is_healed()
    {
        using var present = await ConnectAsync();
        await RoundTripAsync(present, "before");
        _proxy.Apply(new ProxyFaults { Mode = ProxyMode.BlackHole });
        using var later = await ConnectAsync();

        var first = RoundTripAsync(present, "one");
        var second = RoundTripAsync(later, "two");
        (await Task.WhenAny(first, second, Task.Delay(300))).ShouldNotBeOneOf(first, second);

        _proxy.Heal();
        await first;
        await second;
    }

    [Fact]
    public async Task A_refusing_proxy_resets_what_is_open_refuses_what_comes_and_recovers_on_the_same_port()
    {
        using var present = await ConnectAsync();
        await RoundTripAsync(present, "before");

        _proxy.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
        (await ReadErrorAsync(present)).ShouldBe(SocketError.ConnectionReset);
        (await Should.ThrowAsync<SocketException>(ConnectAsync())).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);

        _proxy.Heal();
        using var later = await ConnectAsync();
        await RoundTripAsync(later, "after");
    }

    [Fact]
    public async Task In_reset_mode_every_connection_is_reset()
    {
        using var present = await ConnectAsync();
        await RoundTripAsync(present, "before");

        _proxy.Apply(new ProxyFaults { Mode = ProxyMode.Reset });
        (await ReadErrorAsync(present)).ShouldBe(SocketError.ConnectionReset);
        // The reset may come while the client still connects.
        var attempt = async () =>
        {
            using var later = await ConnectAsync();
            throw new SocketException((int)(await ReadErrorAsync(later))!);
        };
        (await Should.ThrowAsync<SocketException>(attempt)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_truncated_answer_is_exactly_as_long_as_the_plan_says()
    {
        _proxy.Apply(new ProxyFaults { CloseAfterBytes = 5 });
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync("0123456789"u8.ToArray());

        using var received = new MemoryStream();
        await client.GetStream().CopyToAsync(received).WaitAsync(TimeSpan.FromSeconds(20));

        Encoding.ASCII.GetString(received.ToArray()).ShouldBe("01234");
    }

    [Fact]
    public async Task A_half_closed_connection_ends_for_the_reader_while_the_server_still_hears()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.Apply(new ProxyFaults { Inspect = bytes => { if (bytes.Span.SequenceEqual("later"u8)) { heard.TrySetResult(); } return ProxyVerdict.Pass; } });
        using var client = await ConnectAsync();
        await RoundTripAsync(client, "before");

        _proxy.HalfClose();

        (await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(0);
        await client.GetStream().WriteAsync("later"u8.ToArray());
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(ProxyVerdict.DropThenReset, 0L)]
    [InlineData(ProxyVerdict.PassThenReset, 1L)]
    public async Task A_connection_lost_at_commit_leaves_the_row_only_when_the_commit_got_through(ProxyVerdict verdict, long rows)
    {
        await using var database = await cluster.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database.ConnectionString, "create table booking (id int)");
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = proxy.Port, Pooling = false };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("insert into booking values (1)", connection, transaction);
        await insert.ExecuteNonQueryAsync();

        proxy.Apply(new ProxyFaults { Inspect = bytes => bytes.Span.IndexOf("COMMIT"u8) >= 0 ? verdict : ProxyVerdict.Pass });
        await Should.ThrowAsync<NpgsqlException>(transaction.CommitAsync());

        // The server may still be at work on what it got: the proxy lets go of it only when it has hung up.
        await proxy.DisposeAsync();
        await WaitUntilNobodyUsesAsync(database);
        (await Sql.ScalarAsync(database.ConnectionString, "select count(*) from booking")).ShouldBe(rows);
    }

    private async Task WaitUntilNobodyUsesAsync(TestDatabase database)
    {
        var sessions = $"select count(*) from pg_stat_activity where datname = '{database.Name}' and pid <> pg_backend_pid() and state = 'active'";
        for (var i = 0; i < 500 && !Equals(await Sql.ScalarAsync(cluster.Server.ConnectionString, sessions), 0L); i++)
        {
            await Task.Delay(10);
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port).WaitAsync(TimeSpan.FromSeconds(20));
        return client;
    }

    private static async Task RoundTripAsync(TcpClient client, string text)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        var answer = new byte[text.Length];
        await client.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Encoding.ASCII.GetString(answer).ShouldBe(text);
    }

    private static async Task<SocketError?> ReadErrorAsync(TcpClient client)
    {
        var error = await Should.ThrowAsync<IOException>(client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        return (error.InnerException as SocketException)?.SocketErrorCode;
    }

    private async Task EchoAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _echo.AcceptTcpClientAsync(_ended.Token);
                clients.Add(EchoOneAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task EchoOneAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await client.GetStream().CopyToAsync(client.GetStream(), _ended.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // The proxy reset this connection, which is what these tests ask of it.
            }
        }
    }
}
