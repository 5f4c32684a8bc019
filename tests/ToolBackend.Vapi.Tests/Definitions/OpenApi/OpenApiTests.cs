using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.OpenApi;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Tests.Definitions.OpenApi;

/// <summary>A small document with every quirk of Vapi's. The whole one is checked where it is at hand: <c>toolbackend vapi validate --spec</c>.</summary>
public sealed class OpenApiTests
{
    private const string Document = """
        {
          "openapi": "3.0.0",
          "paths": {
            "/tool": {"post": {"requestBody": {"content": {"application/json": {"schema": {"oneOf": [
              {"$ref": "#/components/schemas/CreateFunctionToolDTO"}, {"$ref": "#/components/schemas/CreateEndCallToolDTO"}]}}}}}},
            "/tool/{id}": {"patch": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/UpdateFunctionToolDTO"}}}}}}
          },
          "components": {"schemas": {
            "CreateFunctionToolDTO": {"type": "object", "required": ["type"], "properties": {
              "type": {"type": "string", "enum": ["function"]},
              "name": {"type": "string", "maxLength": 5, "pattern": "/^[a-z]+$/u"},
              "server": {"allOf": [{"$ref": "#/components/schemas/Server"}]},
              "labels": {"type": "array", "maxLength": 20, "enum": ["a", "b"], "items": {"type": "string", "enum": ["a", "b", "b"]}},
              "cleared": {"type": "string", "nullable": true},
              "free": {"type": "object"}}},
            "UpdateFunctionToolDTO": {"type": "object", "properties": {"name": {"type": "string"}}},
            "CreateEndCallToolDTO": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "enum": ["endCall"]}}},
            "Server": {"type": "object", "properties": {
              "backoff": {"type": "object", "enum": ["fixed", "exponential"]},
              "codes": {"type": "array", "items": {"type": "object"}},
              "next": {"$ref": "#/components/schemas/Server"}}},
            "CreateWebhookCredentialDTO": {"type": "object", "required": ["provider"], "properties": {"provider": {"type": "string", "enum": ["webhook"]}}}
          }}
        }
        """;

    private readonly OpenApiDocument _document = OpenApiDocument.Parse(JsonNode.Parse(Document));

    [Theory]
    [InlineData("""{"type":"function","name":"abc","server":{"backoff":"fixed","codes":[400,"401"],"next":{"next":{}}},"labels":["a"],"cleared":null,"free":{"any":"thing"}}""")]
    [InlineData("""{"type":"endCall"}""")]
    [InlineData("""{"type":"function","name":null}""")]
    public void The_quirks_of_the_document_are_understood(string payload) =>
        _document.ProblemsIn(ResourceKind.Tool, JsonNode.Parse(payload)!.AsObject(), PayloadUse.Create).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"type":"function","nmae":"abc"}""", "nmae: this has no field nmae")]
    [InlineData("""{"type":"endCall","name":"abc"}""", "name: this has no field name")]
    [InlineData("""{"type":"function","name":"abcdef"}""", "name: name has 6 characters")]
    [InlineData("""{"type":"function","name":"ABC"}""", "name: name does not match ^[a-z]+$")]
    [InlineData("""{"type":"function","server":{"backoff":"sometimes"}}""", "server.backoff: server.backoff: sometimes is not among")]
    [InlineData("""{"type":"function","labels":["c"]}""", "labels[0]: labels[0]: c is not among")]
    [InlineData("""{"type":"functoin"}""", "type: type: functoin is not among")]
    [InlineData("""{"name":"abc"}""", ": this lacks type")]
    public void What_the_API_would_refuse_is_said_with_its_path(string payload, string problem) =>
        _document.ProblemsIn(ResourceKind.Tool, JsonNode.Parse(payload)!.AsObject(), PayloadUse.Create).ShouldHaveSingleItem().ShouldStartWith(problem);

    [Fact]
    public void Updates_and_credentials_have_schemas_of_their_own()
    {
        _document.ProblemsIn(ResourceKind.Tool, new JsonObject { ["type"] = "function" }, PayloadUse.Update).ShouldHaveSingleItem();
        _document.ProblemsIn(ResourceKind.Credential, new JsonObject { ["provider"] = "webhook" }, PayloadUse.Create).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"swagger":"2.0"}""")]
    [InlineData("""{"openapi":"3.0.0"}""")]
    public void Another_document_is_refused(string document) => Should.Throw<InvalidDataException>(() => OpenApiDocument.Parse(JsonNode.Parse(document)));

    [Fact]
    public void A_file_that_cannot_be_read_is_refused_with_its_name() =>
        Should.Throw<InvalidDataException>(() => OpenApiDocument.Load("/nowhere/spec.json")).Message.ShouldContain("/nowhere/spec.json");

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", "x.json lacks the document's field b")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number","minimum":1},"c":{"type":"string"}},"additionalProperties":false}""", "x.json has a field c that the document does not have")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number","minimum":1}},"additionalProperties":false}""", "x.json.a is a number, in the document text")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number","minimum":2}},"additionalProperties":false}""", "x.json.b has minimum 2, the document 1")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","enum":["x"]},"b":{"type":"number","minimum":1}},"additionalProperties":false}""", "x.json.a has other values than the document: +x")]
    [InlineData("""{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"number","minimum":1}},"additionalProperties":false}""", "x.json requires other fields than the document: +a")]
    public void Our_schema_and_the_documents_are_compared(string ours, string difference)
    {
        var theirs = new OpenApiReader(new JsonObject()).Read(JsonNode.Parse("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number","minimum":1}}}""")!.AsObject(), "x");

        var found = SchemaComparison.Compare(new SchemaReader(_ => JsonNode.Parse(ours)!.AsObject()).Read("x.json"), theirs).ShouldHaveSingleItem();
        $"{found.At} {found.Message}".ShouldBe(difference);
    }

    [Fact]
    public void What_is_ours_or_left_open_is_not_compared()
    {
        var theirs = new OpenApiReader(new JsonObject()).Read(JsonNode.Parse("""{"type":"object","properties":{"a":{"type":"object","properties":{"deep":{"type":"string"}}}}}""")!.AsObject(), "x");
        var ours = new SchemaReader(_ => JsonNode.Parse(
            """{"type":"object","properties":{"a":{"type":"object","additionalProperties":true},"fallback":{"type":"string","x-own":true}},"additionalProperties":false}""")!.AsObject()).Read("x.json");

        SchemaComparison.Compare(ours, theirs).ShouldBeEmpty();
    }

    [Fact]
    public void A_difference_is_reported_at_its_place_in_our_schema()
    {
        using var folder = new DefinitionFolder();
        // Our tools know far more than this document.
        var withAll = JsonNode.Parse(Document)!.AsObject();
        foreach (var kind in ResourceKinds.All.Where(k => k is not (ResourceKind.Tool or ResourceKind.Credential)))
        {
            withAll["paths"]![kind.RestPath()] = JsonNode.Parse("""{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"string"}}}}}}""");
        }

        var errors = OpenApiCheck.SchemaErrors(OpenApiDocument.Parse(withAll)).ToList();
        var error = errors.Find(e => e.Message.StartsWith("functionTool has a field async", StringComparison.Ordinal)).ShouldNotBeNull();
        error.At.File.ShouldBe("schema/common.json");
        DefinitionSchemas.Text("common.json").Split('\n')[error.At.Line - 1].ShouldContain("\"functionTool\"");
    }
}
