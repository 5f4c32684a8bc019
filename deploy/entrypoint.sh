#!/bin/bash
# Chooses what the container runs. `exec`: the program gets the signals, so that a stop drains.
set -euo pipefail
case "${1:-api}" in
  api) shift || true; exec dotnet /app/api/ToolBackend.Api.dll "$@" ;;
  voice) shift; exec dotnet /app/voice/ToolBackend.Voice.dll "$@" ;;
  toolbackend) shift; exec dotnet /app/cli/toolbackend.dll "$@" ;;
  healthcheck)
    # No curl in the runtime image: bash speaks enough HTTP to read a status line.
    exec 3<>"/dev/tcp/127.0.0.1/${ASPNETCORE_HTTP_PORTS:-8080}"
    printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
    IFS= read -r -t 5 status <&3
    [[ $status == *" 200 "* ]] ;;
  *) echo "Unknown entry point '$1': use api, voice, toolbackend ARGS or healthcheck." >&2; exit 64 ;;
esac
