# One image for everything that runs in production; the first argument chooses what: api, voice, toolbackend.
# Not built here by CI (no container engine): keep it in step with the solution by care.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Restore on the project files alone, so that a change of code does not download packages again.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/ToolBackend.Core/ToolBackend.Core.csproj src/ToolBackend.Core/
COPY src/ToolBackend.Vapi/ToolBackend.Vapi.csproj src/ToolBackend.Vapi/
COPY src/ToolBackend.Api/ToolBackend.Api.csproj src/ToolBackend.Api/
COPY src/ToolBackend.Voice/ToolBackend.Voice.csproj src/ToolBackend.Voice/
COPY src/ToolBackend.Cli/ToolBackend.Cli.csproj src/ToolBackend.Cli/
RUN dotnet restore src/ToolBackend.Api/ToolBackend.Api.csproj && dotnet restore src/ToolBackend.Voice/ToolBackend.Voice.csproj && dotnet restore src/ToolBackend.Cli/ToolBackend.Cli.csproj
COPY db db
COPY vapi vapi
COPY src src
RUN dotnet publish src/ToolBackend.Api/ToolBackend.Api.csproj -c Release --no-restore -o /out/api \
 && dotnet publish src/ToolBackend.Voice/ToolBackend.Voice.csproj -c Release --no-restore -o /out/voice \
 && dotnet publish src/ToolBackend.Cli/ToolBackend.Cli.csproj -c Release --no-restore -o /out/cli

FROM mcr.microsoft.com/dotnet/aspnet:10.0
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /out ./
# The Voice host runs the very definitions that are applied to Vapi.
COPY vapi vapi
COPY --chmod=0555 deploy/entrypoint.sh ./
# The image's own unprivileged user; nothing below /app is writable for it.
USER $APP_UID
EXPOSE 8080
ENTRYPOINT ["/app/entrypoint.sh"]
CMD ["api"]
