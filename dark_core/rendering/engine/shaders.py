"""The GLSL of the renderer: shadow maps, the figure's materials, and the shadow a figure throws on its backdrop."""

MAX_LIGHTS = 64

CAST_VERTEX = """
#version 330
uniform vec4 rows[3];
in vec3 position; in vec3 edge;
out vec3 v_edge;
void main() {
    vec4 p = vec4(position, 1.0);
    gl_Position = vec4(dot(rows[0], p), dot(rows[1], p), dot(rows[2], p), 1.0);
    v_edge = edge;
}
"""

CAST_FRAGMENT = """
#version 330
in vec3 v_edge;
void main() { if (min(v_edge.x, min(v_edge.y, v_edge.z)) < 0.0) discard; }
"""

LIGHTS = f"""
uniform int light_count;
uniform vec4 light_rows[{3 * MAX_LIGHTS}];
uniform vec3 light_direction[{MAX_LIGHTS}];
uniform vec3 light_color[{MAX_LIGHTS}];
uniform int tiles;
uniform float tile_pixels;
uniform float bias;
uniform sampler2DShadow atlas;

float visible(int i, vec3 world) {{
    vec4 p = vec4(world, 1.0);
    vec3 q = vec3(dot(light_rows[3*i], p), dot(light_rows[3*i+1], p), dot(light_rows[3*i+2], p)) * 0.5 + 0.5;
    if (any(lessThan(q, vec3(0.0))) || any(greaterThan(q, vec3(1.0)))) return 1.0;
    vec2 inside = clamp(q.xy, vec2(1.5 / tile_pixels), vec2(1.0 - 1.5 / tile_pixels));
    vec2 tile = vec2(float(i % tiles), float(i / tiles));
    return texture(atlas, vec3((inside + tile) / float(tiles), q.z - bias));
}}
"""

FIGURE_VERTEX = """
#version 330
uniform mat4 view_projection;
in vec3 position; in vec3 normal; in vec3 chart; in vec3 edge;
out vec3 v_world; out vec3 v_normal; out vec3 v_chart; out vec3 v_edge;
void main() {
    gl_Position = view_projection * vec4(position, 1.0);
    v_world = position; v_normal = normal; v_chart = chart; v_edge = edge;
}
"""

FIGURE_FRAGMENT = (
    """
#version 330
"""
    + LIGHTS
    + """
uniform int material;
uniform vec3 eye;
uniform vec3 base;
uniform vec3 accent;
uniform vec3 extra;
uniform int pattern;
uniform int key_count;
uniform vec3 bounce;
uniform float beard;
uniform vec2 measure;
in vec3 v_world; in vec3 v_normal; in vec3 v_chart; in vec3 v_edge;
layout(location = 0) out vec4 color;
layout(location = 1) out vec4 place;

float hash(vec3 p) { p = fract(p * 0.3183099 + vec3(.1, .17, .13)); p *= 17.0; return fract(p.x * p.y * p.z * (p.x + p.y + p.z)); }
float noise(vec3 x) {
    vec3 i = floor(x), f = fract(x); f = f * f * (3.0 - 2.0 * f);
    return mix(mix(mix(hash(i), hash(i + vec3(1,0,0)), f.x), mix(hash(i + vec3(0,1,0)), hash(i + vec3(1,1,0)), f.x), f.y),
               mix(mix(hash(i + vec3(0,0,1)), hash(i + vec3(1,0,1)), f.x), mix(hash(i + vec3(0,1,1)), hash(i + vec3(1,1,1)), f.x), f.y), f.z);
}
float spot(vec2 p, vec2 c, vec2 r) { vec2 d = (p - c) / r; return exp(-dot(d, d)); }

vec3 bumped(vec3 n, float height) {   // tilt the normal by a height field in metres
    vec3 dx = dFdx(v_world), dy = dFdy(v_world);
    vec3 r1 = cross(dy, n), r2 = cross(n, dx);
    float det = dot(dx, r1);
    if (abs(det) < 1e-20) return n;
    vec3 slope = sign(det) * (dFdx(height) * r1 + dFdy(height) * r2);
    return normalize(abs(det) * n - slope);
}

void main() {
    float inside = min(v_edge.x, min(v_edge.y, v_edge.z));
    if (inside < 0.0) discard;
    vec3 n = normalize(v_normal + vec3(0.0, 0.0, 1e-6)), view = normalize(eye - v_world);
    bool back = !gl_FrontFacing;
    if (back) n = -n;
    vec3 c = v_chart, albedo = base;
    float gloss = 0.02, sharp = 12.0, wrap = 0.0, sheen = 0.0;
    vec3 scatter = vec3(0.0);
    if (material == 0) {                                  // skin, with a face
        albedo *= 0.93 + 0.14 * noise(c * 38.0) * 0.6 + 0.05 * noise(c * 190.0);
        wrap = 0.22; scatter = vec3(0.10, 0.03, 0.015); gloss = 0.05; sharp = 18.0;
        float front = smoothstep(-0.085, -0.11, c.y) * step(0.78, c.z) * step(abs(c.x), 0.09);
        vec2 f = vec2(abs(c.x), c.z);
        float cheek = spot(f, vec2(0.043, 0.868), vec2(0.022, 0.018)) + 0.8 * spot(f, vec2(0.0, 0.864), vec2(0.014, 0.012));
        albedo = mix(albedo, albedo * vec3(1.02, 0.80, 0.78), 0.55 * front * cheek);
        float lips = smoothstep(1.15, 0.75, length((vec2(c.x, c.z) - vec2(0.0, measure.y)) / vec2(0.026, 0.0120)));
        albedo = mix(albedo, albedo * vec3(0.92, 0.56, 0.56), lips * front);
        float mouth = smoothstep(0.0016, 0.0004, abs(c.z - measure.y)) * smoothstep(0.026, 0.02, abs(c.x));
        albedo = mix(albedo, albedo * 0.35, mouth * front);
        float arch = measure.x + 0.0045 * cos((f.x - 0.032) * 60.0) - 0.35 * max(0.0, f.x - 0.043);
        float brow = smoothstep(0.0045, 0.0022, abs(f.y - arch) * (1.0 + 9.0 * max(0.0, f.x - 0.03))) * smoothstep(0.009, 0.015, f.x) * smoothstep(0.056, 0.048, f.x);
        albedo = mix(albedo, extra * 0.8, 0.82 * brow * front);
        float lash = smoothstep(1.0, 0.6, abs(length((f - vec2(0.0315, measure.x - 0.0225)) / vec2(0.0185, 0.0095)) - 1.0) * 4.0);
        albedo = mix(albedo, albedo * 0.45, 0.6 * lash * front);
        float jaw = smoothstep(0.872, 0.850, c.z) * smoothstep(0.765, 0.785, c.z) * smoothstep(-0.045, -0.075, c.y) * (1.0 - lips) ;
        albedo = mix(albedo, extra * 0.55 + albedo * 0.12, beard * jaw * (0.7 + 0.3 * noise(c * 700.0)));
        if (c.z < -0.70) albedo = accent * (0.85 + 0.15 * noise(vec3(c.xy * 300.0, c.z * 900.0)));   // socks
    } else if (material == 6) {                           // eye: chart is the average head
        vec2 d = vec2(abs(c.x) - 0.0315, c.z - accent.z);
        float r = length(d);
        albedo = mix(vec3(0.55, 0.51, 0.49), vec3(0.09, 0.05, 0.03), smoothstep(0.0074, 0.0064, r));
        albedo = mix(albedo, vec3(0.005), smoothstep(0.0034, 0.0026, r));
        albedo *= smoothstep(0.0095, 0.002, d.y) * 0.75 + 0.25;
        gloss = 0.25; sharp = 90.0;
    } else if (material == 1 || material == 2) {          // cloth
        float s = noise(c * vec3(60.0, 60.0, 120.0)) + 0.5 * noise(c * 230.0);
        n = bumped(n, 0.0004 * s + 0.0016 * noise(c * vec3(20.0, 20.0, 34.0) + 0.7 * noise(c * 13.0)));
        if (material == 1) {
            float z = c.z;
            if (pattern == 1) albedo = mix(albedo, accent, smoothstep(-0.08, 0.08, sin(z * 150.0)));
            if (pattern == 2) albedo = mix(albedo, accent, step(0.490, z) * step(z, 0.575));
            if (pattern == 3) albedo = mix(albedo, accent, smoothstep(0.118, 0.122, abs(c.x)) * step(0.0, v_edge.y));
            if (pattern == 4) albedo = mix(albedo, accent, max(step(abs(fract(c.x * 14.0) - 0.5), 0.10), step(abs(fract(z * 14.0) - 0.5), 0.10)) * 0.7);
        } else if (pattern == 1) {
            float side = atan(c.y + 0.02, abs(c.x) - 0.125);
            albedo = mix(albedo, accent, step(abs(side), 0.28) );
        }
        albedo *= 0.90 + 0.16 * noise(c * 520.0) + 0.04 * s;
        float seam = smoothstep(0.0022, 0.0012, abs(inside - 0.017));
        albedo *= 1.0 - 0.28 * seam - 0.30 * smoothstep(0.003, 0.0, inside);
        sheen = 0.10; wrap = 0.06; gloss = 0.012; sharp = 8.0;
        if (back) albedo *= 0.8;
    } else if (material == 3) {                           // trainer: chart is across, heel to toe, height
        if (c.z < 0.024) { albedo = extra; albedo *= 0.9 + 0.1 * step(0.5, fract(c.y * 46.0)) * step(c.z, 0.012); }
        else {
            float lace = step(abs(fract(c.y * 26.0) - 0.5), 0.24) * step(0.40, c.y) * step(c.y, 0.64) * step(abs(c.x), 0.30);
            float swoosh = smoothstep(0.012, 0.010, abs(c.z - 0.046 - 0.10 * (c.y - 0.45) * (c.y - 0.2))) * step(0.25, c.y) * step(c.y, 0.62) * step(0.45, abs(c.x));
            albedo = mix(albedo, accent, max(lace, swoosh));
            float cap = smoothstep(0.004, 0.002, abs(c.y - 0.82 - 0.05 * c.x * c.x));
            albedo *= 1.0 - 0.35 * cap;
        }
        gloss = 0.06; sharp = 25.0;
    } else if (material == 4) {                           // hair
        vec3 q = c - vec3(0.0, -0.03, 0.92);
        float strand = noise(vec3(atan(q.x, -q.z + 0.001) * 46.0, atan(q.x, q.y) * 46.0, length(q) * 30.0));
        float fine = noise(vec3(c.x * 900.0, c.y * 320.0, c.z * 320.0));
        n = bumped(n, 0.0022 * strand);
        albedo *= 0.76 + 0.36 * strand + 0.10 * fine;
        if (inside < 0.006 && noise(c * 900.0) > inside / 0.006 + 0.15) discard;
        gloss = 0.05; sharp = 22.0; wrap = 0.1;
        if (back) { if (v_edge.x < 0.9) discard; albedo *= 0.3; }   // a cap has no inside, a curtain of hair has
    } else if (material == 5) {                           // plain prop
        albedo *= 0.94 + 0.10 * noise(c * 45.0);
        gloss = 0.04; sharp = 30.0;
    } else if (material == 7) {                           // wood prop
        float g = noise(vec3(c.x * 3.0, c.y * 22.0, c.z * 22.0)) + 0.4 * noise(vec3(c.x * 12.0, c.y * 110.0, c.z * 110.0));
        albedo *= 0.72 + 0.34 * g;
        gloss = 0.05; sharp = 24.0;
    } else if (material == 8) {                           // ball with panels
        vec3 q = normalize(c);
        float a = 0.0, gold = 1.618;
        vec3 v[6] = vec3[6](vec3(0,1,gold), vec3(0,-1,gold), vec3(1,gold,0), vec3(-1,gold,0), vec3(gold,0,1), vec3(gold,0,-1));
        for (int k = 0; k < 6; k++) a = max(a, abs(dot(q, normalize(v[k]))));
        albedo = mix(albedo, accent, smoothstep(0.930, 0.940, a));
        gloss = 0.12; sharp = 30.0;
    } else if (material == 9) {                           // net of strings: holes between them
        vec2 cell = abs(fract(c.xz * measure.x) - 0.5);
        if (max(cell.x, cell.y) < 0.5 - measure.y) discard;
        gloss = 0.05;
    }
    vec3 light = vec3(0.0), spec = vec3(0.0);
    vec3 probe = v_world + n * 0.006;
    float open = 0.0, weight = 0.0;
    for (int i = 0; i < light_count; i++) {
        vec3 l = light_direction[i];
        float facing = dot(n, l);
        float lambert = max(0.0, (facing + wrap) / (1.0 + wrap));
        if (lambert <= 0.0 && facing < -0.25) continue;
        float v = visible(i, probe);
        light += light_color[i] * v * (vec3(lambert) + scatter * max(0.0, 0.5 - abs(facing)));
        if (i >= key_count) { open += v * max(facing, 0.0); weight += max(facing, 0.0); }
        vec3 h = normalize(l + view);
        float fresnel = 0.25 + 0.75 * pow(clamp(1.0 - dot(view, h), 0.0, 1.0), 5.0) * 3.0;
        spec += light_color[i] * v * max(facing, 0.0) * pow(max(dot(n, h), 0.0), sharp) * (sharp + 2.0) * 0.25 * gloss * fresnel;
    }
    float clear = weight > 0.0 ? open / weight : 0.6;
    float floorward = 0.5 - 0.5 * n.z;
    light += bounce * floorward * (0.35 + 0.65 * clear) * (1.0 - 0.5 * exp(-v_world.z * 3.0));
    float rim = pow(clamp(1.0 - dot(n, view), 0.0, 1.0), 3.0);
    vec3 result = albedo * light + spec + sheen * albedo * light * rim * 2.0;
    color = vec4(result, 1.0);
    place = vec4(v_world, 1.0);
}
"""
)

SCREEN_VERTEX = """
#version 330
in vec2 corner;
out vec2 uv;
void main() { uv = corner * 0.5 + 0.5; gl_Position = vec4(corner, 0.0, 1.0); }
"""

CATCH_FRAGMENT = (
    """
#version 330
"""
    + LIGHTS
    + """
uniform sampler2D surface;      // rgb world position, a = 0 floor, 1 wall, negative: nothing
uniform vec3 wall;              // normal of the wall
uniform int first;              // the lights before it (rims) throw no shadow on the backdrop
in vec2 uv;
layout(location = 0) out vec4 key_loss;         // shares of the light that the figure keeps from the backdrop
layout(location = 1) out vec4 sky_loss;
uniform int key_count;
void main() {
    vec4 s = texture(surface, uv);
    if (s.a < -0.5) { key_loss = sky_loss = vec4(0.0); return; }
    vec3 n = s.a > 0.5 ? wall : vec3(0.0, 0.0, 1.0);
    vec3 key = vec3(0.0), sky = vec3(0.0), all = vec3(1e-4);
    for (int i = first; i < light_count; i++) {
        float lambert = max(0.0, dot(n, light_direction[i]));
        if (lambert <= 0.0) continue;
        vec3 lost = light_color[i] * lambert * (1.0 - visible(i, s.rgb + n * 0.004));
        if (i < key_count) key += lost; else sky += lost;
        all += light_color[i] * lambert;
    }
    key_loss = vec4(key / all, 1.0);
    sky_loss = vec4(sky / all, 1.0);
}
"""
)
