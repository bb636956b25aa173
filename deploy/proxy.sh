#!/bin/sh
# Fills nginx.conf in for the app processes there are and starts nginx in the foreground.
#
# APPS         "host:port ..." of the app processes; a name with several addresses stands for as many processes
# PORT         where to listen
# STATIC       the folder that holds the folder "static" of Streamlit
# CERTIFICATE  a folder with cert.pem and key.pem, for https on HTTPS_PORT; without them http alone
# DARK_FRAME_ANCESTORS  sites that may show the app inside their pages, with spaces between them
# RUN          a folder to write to
set -eu
here=$(dirname "$0")
cp "$here/nginx.conf" "$RUN/nginx.conf"

for site in ${DARK_FRAME_ANCESTORS:-}; do
    echo "$site" | grep -Eqx 'https?://[A-Za-z0-9.*:-]+' ||
        { echo "DARK_FRAME_ANCESTORS names $site: write sites such as https://course.example.org." >&2; exit 1; }
done

addresses=
for app in $APPS; do
    found=$(getent ahostsv4 "${app%:*}" | awk '{print $1}' | sort -uV)
    [ -n "$found" ] || { echo "There is no app process at $app: set APPS to where they listen." >&2; exit 1; }
    for address in $found; do addresses="$addresses $address:${app##*:}"; done
done

# Each process is an upstream of its own, the others standing in for it; "room" is all of them, for new visitors.
{
    echo "upstream room { zone room 64k; least_conn;"
    for address in $addresses; do echo "    server $address max_fails=1 fail_timeout=5s;"; done
    echo "}"
    number=0 home= reached=
    for address in $addresses; do
        number=$((number + 1))
        echo "upstream app$number { zone app$number 64k; server $address max_fails=3 fail_timeout=5s;"
        for other in $addresses; do [ "$other" = "$address" ] || echo "    server $other backup;"; done
        echo "}"
        home="$home $number app$number;"
        reached="$reached \"~(^|, )$(echo "$address" | sed 's/\./\\./g')\$\" $number;"
    done
    echo "map \$cookie_dark_app \$home { default room;$home }"
    echo "map \$upstream_addr \$reached { default '';$reached }"
    echo "map '' \$frame_ancestors { default '${DARK_FRAME_ANCESTORS:+ $DARK_FRAME_ANCESTORS}'; }"
} >"$RUN/apps.conf"

{
    echo "root $STATIC;"
    echo "listen $PORT;"
    if [ -f "$CERTIFICATE/key.pem" ]; then
        echo "listen $HTTPS_PORT ssl http2;"
        echo "ssl_certificate $CERTIFICATE/cert.pem;"
        echo "ssl_certificate_key $CERTIFICATE/key.pem;"
        echo "if (\$scheme = http) { return 308 https://\$host:$HTTPS_PORT\$request_uri; }"
    fi
} >"$RUN/listen.conf"

exec nginx -p "$RUN/" -c nginx.conf -e stderr -g "daemon off;"
