//! What is wrong with a composition of containers.

use super::{
    lint_iac::{at, plain, yes},
    pinned_image, placeholder, secret_name,
};
use crate::finding::Findings;
use maestro_artifacts::delivery::Severity::{High, Info, Low, Medium};
use maestro_workflow::yaml::Node;

const TOP: &[&str] = &["configs", "include", "name", "networks", "secrets", "services", "version", "volumes", "models"];
const SERVICE: &[&str] = &[
    "annotations",
    "attach",
    "blkio_config",
    "build",
    "cap_add",
    "cap_drop",
    "cgroup",
    "cgroup_parent",
    "command",
    "configs",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_shares",
    "cpus",
    "cpuset",
    "depends_on",
    "deploy",
    "develop",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "extends",
    "external_links",
    "extra_hosts",
    "gpus",
    "group_add",
    "healthcheck",
    "hostname",
    "image",
    "init",
    "ipc",
    "isolation",
    "labels",
    "links",
    "logging",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "models",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "post_start",
    "pre_stop",
    "privileged",
    "profiles",
    "provider",
    "pull_policy",
    "read_only",
    "restart",
    "runtime",
    "scale",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
    "working_dir",
];

/// Adds what is wrong with it.
pub(super) fn lint(root: &Node, found: &mut Findings<'_>) {
    let unknown = |node: &Node, known: &[&str], what: &str, found: &mut Findings<'_>| {
        for (name, place, _) in node.fields().filter(|(name, _, _)| !known.contains(name) && !name.starts_with("x-")) {
            let near = known.iter().min_by_key(|key| strsim::osa_distance(key, name)).copied().unwrap_or_default();
            found.add(
                "unknown-key",
                High,
                place.line as usize,
                format!("{what} has no `{name}`"),
                format!("did you mean `{near}`?"),
            );
        }
    };
    unknown(root, TOP, "a composition", found);
    let Some(services) = root.get("services") else { return };
    if services.fields().next().is_none() {
        found.add("structure", High, at(services), "there is no service", "add one below `services`");
    }
    for (name, place, service) in services.fields() {
        unknown(service, SERVICE, &format!("the service `{name}`"), found);
        let line = place.line as usize;
        if service.get("image").is_none()
            && service.get("build").is_none()
            && service.get("extends").is_none()
            && service.get("provider").is_none()
        {
            found.add(
                "structure",
                High,
                line,
                format!("the service `{name}` has neither `image` nor `build`"),
                "say what it runs",
            );
        }
        of_service(root, name, service, line, found);
    }
}

fn of_service(root: &Node, name: &str, service: &Node, line: usize, found: &mut Findings<'_>) {
    if yes(service.get("privileged")) {
        found.add(
            "privileged",
            High,
            line,
            format!("`{name}` may do everything that the machine may"),
            "leave `privileged` out, and add the one capability that it needs",
        );
    }
    for field in ["pid", "ipc", "userns_mode"] {
        if let Some(node) = service.get(field).filter(|node| node.text() == Some("host")) {
            found.add(
                "host-access",
                High,
                at(node),
                format!("`{name}` shares `{field}` with the machine"),
                "leave it out",
            );
        }
    }
    for cap in service.get("cap_add").map_or(&[][..], Node::items) {
        let wide = matches!(
            cap.text().map(|cap| cap.trim_start_matches("CAP_")),
            Some("ALL" | "SYS_ADMIN" | "SYS_PTRACE" | "SYS_MODULE" | "NET_ADMIN" | "DAC_READ_SEARCH")
        );
        if wide {
            found.add("capability", High, at(cap), format!("`{}` is nearly root", plain(cap)), "leave it out");
        }
    }
    if let Some(image) = service.get("image").filter(|_| service.get("build").is_none()) {
        let text = plain(image);
        if let Err(why) = pinned_image(&text)
            && !text.contains('$')
        {
            found.add("unpinned-image", Medium, at(image), format!("`{text}` {why}"), "use a version");
        }
    }
    for port in service.get("ports").map_or(&[][..], Node::items) {
        let text = plain(port);
        let open = match port.get("published") {
            Some(_) => port.get("host_ip").is_none_or(|ip| plain(ip) == "0.0.0.0"),
            None => {
                port.fields().next().is_none()
                    && (text.starts_with("0.0.0.0:") || text.matches(':').count() == 1)
                    && !text.starts_with("127.")
            }
        };
        if open {
            found.add(
                "open-port",
                Low,
                at(port),
                format!("`{text}` is reachable from every network of the machine"),
                "write `127.0.0.1:port:port`, or put a proxy before it",
            );
        }
    }
    for volume in service.get("volumes").map_or(&[][..], Node::items) {
        let text = volume.get("source").map_or_else(|| plain(volume), plain);
        let source = text.split(':').next().unwrap_or_default();
        if text.contains("docker.sock") {
            found.add(
                "docker-socket",
                High,
                at(volume),
                format!("`{name}` can start containers as root of the machine"),
                "leave it out",
            );
        } else if ["/", "/etc", "/root", "/var", "/proc", "/sys", "/boot", "/dev", "/usr"]
            .contains(&source.trim_end_matches('/'))
            || source == "/"
        {
            found.add(
                "host-path",
                High,
                at(volume),
                format!("`{name}` sees `{source}` of the machine"),
                "mount the folder that it needs, read only",
            );
        }
        let named = source.chars().next().is_some_and(|c| c.is_ascii_alphanumeric()) && text.contains(':')
            || volume.get("type").and_then(Node::text) == Some("volume");
        if named && !source.contains('$') && root.get("volumes").is_none_or(|volumes| volumes.get(source).is_none()) {
            found.add(
                "reference",
                High,
                at(volume),
                format!("there is no volume `{source}`"),
                "name it below `volumes` of the composition",
            );
        }
    }
    for (field, of) in
        [("networks", "networks"), ("secrets", "secrets"), ("configs", "configs"), ("depends_on", "services")]
    {
        let Some(node) = service.get(field) else { continue };
        let items = node.items().iter().map(|item| (item.get("source").map_or_else(|| plain(item), plain), at(item)));
        for (other, line) in items.chain(node.fields().map(|(name, place, _)| (name.to_owned(), place.line as usize))) {
            let known = root.get(of).is_some_and(|known| known.get(&other).is_some())
                || (of == "networks" && other == "default");
            if !known {
                found.add(
                    "reference",
                    High,
                    line,
                    format!("there is no `{other}` below `{of}`"),
                    "name it there, or mend the name",
                );
            }
        }
    }
    if let Some(environment) = service.get("environment") {
        let listed = environment.items().iter().filter_map(|item| Some((item.text()?.split_once('=')?, at(item))));
        let listed = listed.map(|((name, value), line)| (name.to_owned(), value.to_owned(), line));
        let mapped = environment.fields().map(|(name, _, value)| (name.to_owned(), plain(value), at(value)));
        for (name, value, line) in listed.chain(mapped) {
            if secret_name(&name) && !placeholder(&value) {
                found.add(
                    "secret",
                    High,
                    line,
                    format!("`{name}` has its value in the file"),
                    "use `secrets`, or a variable of the shell: `${NAME}`",
                );
            }
        }
    }
    if service.get("healthcheck").is_none() && service.get("build").is_none() {
        found.add("health", Info, line, format!("nothing asks whether `{name}` is well"), "add `healthcheck`");
    }
    let guarded = service
        .get("security_opt")
        .is_some_and(|opt| opt.items().iter().any(|opt| plain(opt).starts_with("no-new-privileges")));
    if !guarded {
        found.add(
            "privileges",
            Low,
            line,
            format!("programs in `{name}` can gain rights"),
            "add `security_opt: [no-new-privileges:true]`",
        );
    }
}
