using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ToolBackend.Api.Operator.Calls;

namespace ToolBackend.Api.Operator;

/// <summary><c>GET /openapi/v1.json</c>: made once, since it is open to everybody and costs milliseconds to make.</summary>
public sealed class OpenApiDescription([FromKeyedServices(OpenApiDescription.DocumentName)] IOpenApiDocumentProvider documents)
{
    public const string DocumentName = "v1";
    private const string SchemeName = "operatorKey";
    private const string ProblemType = "application/problem+json";

    private static readonly Dictionary<string, string> s_notFound = new(StringComparer.Ordinal)
    {
        ["getShipment"] = "There is no shipment with this tracking number.",
        ["getCall"] = CallIds.NotFound,
        ["listCallEvents"] = CallIds.NotFound,
    };

    private byte[]? _json;

    internal static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            DescribeFailures(operation, context.Document!);
            DescribeLimit(operation);
            DescribeStream(operation);
            return Task.CompletedTask;
        });
    }

    /// <summary>Two first readers may both make it; the results are equal.</summary>
    public async Task<FileContentHttpResult> AnswerAsync(CancellationToken cancellation)
    {
        if (_json is null)
        {
            var document = await documents.GetOpenApiDocumentAsync(cancellation);
            using var buffer = new MemoryStream();
            await document.SerializeAsJsonAsync(buffer, OpenApiSpecVersion.OpenApi3_1, cancellation);
            _json = buffer.ToArray();
        }

        return TypedResults.Bytes(_json, "application/json");
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "ToolBackend operator API",
            Version = "1",
            Description = "For the people who run the phone agent: read-only, but for commands to live calls. Every route needs the operator key. "
                + "POST /vapi/webhook on the same host speaks Vapi's own protocol and is not described here.",
        };
        document.Servers = []; // relative: wherever this document was read from
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The operator key. The service knows only its hash (Operator:KeyHash, and Operator:PreviousKeyHash during a rotation).",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
    }

    private static void DescribeFailures(OpenApiOperation operation, OpenApiDocument document)
    {
        operation.Responses ??= [];
        if (operation.Parameters?.Count > 0)
        {
            operation.Responses["400"] = Problem("A parameter cannot be used; `errors` names it.", 400, "One or more validation errors occurred.", "Some parameters cannot be used.", new JsonObject
            {
                [operation.Parameters[0].Name!] = new JsonArray("What it must look like."),
            });
        }

        if (s_notFound.TryGetValue(operation.OperationId ?? "", out var detail))
        {
            operation.Responses["404"] = Problem("There is none.", 404, "Not Found", detail);
        }

        if (operation.OperationId == "controlCall")
        {
            operation.Responses["404"] = Problem("No such call.", 404, "Not Found", "There is no call with this id.");
            operation.Responses["409"] = Problem("The call has ended, or has no control address that may be called.", 409, "Conflict", "The call has ended.");
            operation.Responses["502"] = Problem("Vapi refused the command or cannot be reached.", 502, "Bad Gateway", "Vapi refused the command with status 400.");
            operation.Responses["504"] = Problem("Vapi did not answer in time.", 504, "Gateway Timeout", "Vapi did not answer in time: the command may have been taken.");
        }

        operation.Responses["401"] = Problem("No key, or not a valid one.", 401, "Unauthorized", "Send the operator key as a bearer token.");
        operation.Responses["503"] = Problem("The database cannot be reached, or too much is going on; try again after `Retry-After` seconds.", 503, "Service Unavailable", "The database did not answer.");
    }

    private static OpenApiResponse Problem(string description, int status, string title, string detail, JsonObject? errors = null)
    {
        var example = new JsonObject { ["title"] = title, ["status"] = status, ["detail"] = detail };
        if (errors is not null)
        {
            example["errors"] = errors;
        }

        return new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemType] = new() { Schema = ProblemSchema(errors is not null), Example = example },
            },
        };
    }

    private static OpenApiSchema ProblemSchema(bool withErrors)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
        };
        if (withErrors)
        {
            properties["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
        }

        return new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties };
    }

    /// <summary>The framework describes the class that frames an event; what a client reads is text.</summary>
    private static void DescribeStream(OpenApiOperation operation)
    {
        if (operation.OperationId == "streamCalls")
        {
            operation.Responses!["200"].Content!["text/event-stream"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = "event: call\ndata: {\"callId\":\"7f0c...\",\"version\":3,\"status\":\"in-progress\", ...}\nid: 4711\n\n",
            };
        }
    }

    /// <summary>Read as text by the handlers (<see cref="QueryReader"/>), but what a client sends is a number.</summary>
    private static void DescribeLimit(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(p => p.Name == "limit") ?? [])
        {
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{Page.MaxLimit}", Default = Page.DefaultLimit };
        }
    }
}
