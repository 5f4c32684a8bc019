using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ToolBackend.Api.Hosting;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Control;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Webhooks;

/// <summary>
/// <c>POST /vapi/webhook</c>: raw body, authentication over its bytes, one pass over the JSON, dispatch.
/// </summary>
/// <remarks>
/// <code>
/// status   when                                              body
/// 200      authenticated and well formed, whatever the type   the answer; {} for an event, which is committed then
/// 400      not a Vapi message                                 {"error": rule and byte offset}
/// 401      not authenticated                                  none
/// 413      over 5 MiB; the connection is closed               none
/// 503      too many requests at once, or an event that        none, Retry-After
///          could not be stored: send it again
/// </code>
/// </remarks>
public static class WebhookEndpoint
{
    public const string Path = "/vapi/webhook";

    public static void AddWebhook(this IServiceCollection services)
    {
        services.AddOptions<WebhookAuthenticationOptions>().BindConfiguration(WebhookAuthenticationOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookAuthenticationOptions>, SecretsAreStrong>();
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookAuthenticationOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => new WebhookAuthenticator(s.GetRequiredService<IOptions<WebhookAuthenticationOptions>>().Value, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WebhookHandler>();
        services.AddSingleton<ToolCallDispatcher>();
        services.AddSingleton<RoutingDispatcher>();
        services.AddOptions<ContentPolicy>().BindConfiguration("Calls:Content").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SeenCalls>();
        services.AddSingleton<CallEventIntake>();
        services.AddSingleton<PhoneControl>();
        services.AddSingleton<PhoneTools>();
    }

    public static void MapWebhook(this WebApplication app)
    {
        var handler = app.Services.GetRequiredService<WebhookHandler>();
        app.MapPost(Path, (RequestDelegate)handler.HandleAsync).ExcludeFromDescription();
    }

    private sealed class SecretsAreStrong : IValidateOptions<WebhookAuthenticationOptions>
    {
        public ValidateOptionsResult Validate(string? name, WebhookAuthenticationOptions options) =>
            options.Validate() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}

/// <summary>Section <c>Vapi:Webhook</c>, what is not about authentication.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// Name of a static tool parameter that carries the caller's number (in the tool's definition: <c>{"key": NAME, "value": "{{customer.number}}"}</c>). Used only
    /// when the message itself has no customer number, and only when the definition in the message holds that parameter. Default none.
    /// </summary>
    [System.ComponentModel.DataAnnotations.RegularExpression("^[A-Za-z0-9_]{1,40}$")]
    public string? CallerNumberParameter { get; set; }

    /// <summary>The public URL of the webhook, needed only when the HMAC format has <c>{url}</c>: proxies hide it from us.</summary>
    public string? PublicUrl { get; set; }
}
