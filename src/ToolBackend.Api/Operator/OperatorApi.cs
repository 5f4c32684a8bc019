namespace ToolBackend.Api.Operator;

/// <summary>What a person on call asks; every route needs the operator key.</summary>
public static class OperatorApi
{
    public static void AddOperatorApi(this IServiceCollection services)
    {
    }

    public static void MapOperatorApi(this WebApplication app)
    {
    }
}
