#!/bin/sh
# Written by `cargo xtask test`: the RabbitMQ tool of this name, in a container.
set -eu
export DOCKER_CONFIG='@DOCKER_CONFIG@'
tool=$(basename "$0")

# In the container: the tool ends with a SIGTERM, which Docker passes on, and is killed when its input ends, which
# happens when this script or its caller is killed.
inside='
exec 3<&0
"$@" &
tool=$!
trap "kill -s TERM $tool" TERM
{ cat <&3 >/dev/null; kill -s KILL $tool; } 2>/dev/null &
wait $tool || wait $tool
'

passed=
for name in $(env | cut -d= -f1 | grep -E '^(RABBITMQ_|ERL_|LEVERET_|HOME$|LANG$|TMPDIR$)'); do
    passed="$passed --env $name"
done
# shellcheck disable=SC2086 # names of variables, to be split
exec docker run --rm --interactive --network host --user "$(id -u):$(id -g)" \
    --volume '@TEMPORARY@:@TEMPORARY@' --workdir '@TEMPORARY@' $passed \
    --entrypoint sh '@IMAGE@' -c "$inside" sh "$tool" "$@"
