using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using ToolBackend.Api.Operator.Calls;
using ToolBackend.Api.Operator.Failover;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Calls.Routing;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Vapi.Control;

namespace ToolBackend.Api.Operator;

/// <summary>What a person on call asks; every route needs the operator key, the description of the routes does not.</summary>
public static class OperatorApi
{
    public static void AddOperatorApi(this IServiceCollection services)
    {
        services.AddOptions<OperatorOptions>().BindConfiguration(OperatorOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<OperatorOptions>, OperatorKeysAreHashes>();
        services.AddSingleton<OperatorKey>();
        services.AddSingleton<OperatorReads>();
        services.AddSingleton<CallStream>();
        services.AddSingleton<CallRouteStore>();
        services.AddSingleton<CallOrderStore>();
        services.AddSingleton<SharedHealth>();
        services.AddLiveControl();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddOpenApi(OpenApiDescription.DocumentName, OpenApiDescription.Configure);
        services.AddSingleton<OpenApiDescription>();

        // A query may hold a phone number, and these would write it: the host's request lines the URL, EF's error lines the statement. With the first one off no
        // Activity is made for a request that nobody traces, which is a tenth of a cached read. Failures
        // of the database are logged once, where they are answered.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical));
    }

    public static void MapOperatorApi(this WebApplication app)
    {
        var group = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<OperatorKey>()).WithTags("Operator");
        group.MapListAppointments();
        group.MapGetShipment();
        group.MapListTools();
        group.MapListToolInvocations();
        group.MapListCalls();
        group.MapListLiveCalls();
        group.MapGetCallStats();
        group.MapStreamCalls();
        group.MapGetCall();
        group.MapListCallEvents();
        group.MapControlCall();
        group.MapPlaceCall();
        group.MapFailoverStatus();
        group.MapSetRoute();
        app.MapGet("/openapi/v1.json", (OpenApiDescription description, CancellationToken aborted) => description.AnswerAsync(aborted)).ExcludeFromDescription();
    }
}
