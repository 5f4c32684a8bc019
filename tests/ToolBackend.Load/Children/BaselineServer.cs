using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolBackend.Api.Hosting;

namespace ToolBackend.Load.Children;

/// <summary>The yardstick: Kestrel with the product's limits that reads the whole body and answers constant bytes.</summary>
internal static class BaselineServer
{
    public const string Verb = "bench-baseline";

    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes(
        """{"results":[{"toolCallId":"call_0000000000000000","name":"track_shipment","result":"The parcel from Northwind Books is on its way to Seattle, last seen in Tacoma hub yesterday at 7:45 PM. It is due tomorrow between 2 PM and 6 PM."}]}""");

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(args[2..]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(RequestLimits.Apply);
        var app = builder.Build();
        app.Run(AnswerAsync);
        return await ServerProcess.ServeAsync(app, int.Parse(args[1]), cancellation);
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = s_answer.Length;
        await http.Response.BodyWriter.WriteAsync(s_answer, http.RequestAborted);
    }
}
