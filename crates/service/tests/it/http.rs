//! HTTP itself, the process, and many at once.

use crate::fixture;
use crate::support::{start, start_in};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;

#[test]
fn malformed_bodies() {
    let service = start(&fixture::model(&[]));
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "5",
        "{\"name\": NaN}",
        "{\"capacity\": Infinity}",
        "{\"name\": \"a\", \"name\": \"b\"}",
        "{'name': 'a'}",
        "{\"name\": \"a\"} x",
        "{\"rating\": 1e99999999999999999999}",
        "{\"\\ud800\": 1}",
        &"[".repeat(100_000),
        &format!("{{\"capacity\": {}}}x", "9".repeat(100_000)),
    ] {
        let answer = service.send("POST", "/rooms", &[], Some(body.to_owned()));
        assert_eq!(answer.expect(400)["status"], 400);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let mut bytes =
        b"POST /rooms HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 12\r\n\r\n{\"name\":\"".to_vec();
    bytes.extend([0xff, b'"', b'}']);
    service.raw(&bytes).expect(400);
}

#[test]
fn paths_and_methods() {
    let service = start(&fixture::model(&[]));
    for path in [
        "/nope",
        "/rooms/x",
        "/rooms/0",
        "/rooms/-1",
        "/rooms/01",
        "/rooms/1/2",
        "/web/../service/model.py",
        "/web/%2e%2e/service/model.py",
        "/web/..%2fservice%2fmodel.py",
        "/service/model.py",
        "/data/service.db",
        "/web/",
        "/web/.hidden",
        "/web/model.py",
        "/rooms/99999999999999999999",
        "/%00",
    ] {
        service.get(path).expect(404);
    }
    service.get("/%ff").expect(400);
    service.get("/rooms/").expect(200);
    service.get("/r%6Foms").expect(200);
    for (method, path, allow) in [
        ("PUT", "/rooms", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/rooms", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/rooms/1", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("POST", "/rooms/totals", "GET, HEAD, OPTIONS"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
    ] {
        let answer = service.send(method, path, &[], None);
        answer.expect(405);
        assert_eq!(answer.headers["allow"], allow);
        let options = service.send("OPTIONS", path, &[], None);
        options.expect_status(204);
        assert_eq!(options.headers["allow"], allow);
    }
    for method in ["BREW", "QUERY", "CONNECT", "TRACE"] {
        let answer = service.send(method, "/rooms", &[], None);
        answer.expect(405);
        assert_eq!(answer.headers["allow"], "GET, HEAD, OPTIONS, POST");
    }
    let head = service.send("HEAD", "/rooms", &[], None);
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.headers["content-length"], service.get("/rooms").text.len().to_string());
    assert_eq!(service.get("/health").expect(200), json!({"status": "ok"}));
    assert_eq!(service.raw(b"nonsense\r\n\r\n").status, 400);
}

#[test]
fn sizes() {
    let service = start(&fixture::model(&[]));
    let big = format!("{{\"name\": \"{}\"}}", "x".repeat(1024 * 1024));
    service.send("POST", "/rooms", &[], Some(big)).expect(413);
    service.raw(b"POST /rooms HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n").expect(400);
    service.raw(format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000)).as_bytes()).expect(400);
}

#[test]
fn bodies_in_chunks() {
    let service = start(&fixture::model(&[]));
    let send = |chunks: &str| {
        let head = "POST /rooms HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n";
        service.raw(format!("{head}{chunks}").as_bytes())
    };
    let made = send("8;x=y\r\n{\"name\":\r\n4\r\n\"a\"}\r\n0\r\nTrailer: t\r\n\r\n").expect(201);
    assert_eq!(made["name"], "a");
    for broken in ["x\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "\r\n", "2\r\n{}}\r\n0\r\n\r\n"] {
        send(broken).expect(400);
    }
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    send(&format!("{}0\r\n\r\n", piece.repeat(17))).expect(413);
}

#[test]
fn nobody_smuggles_a_request() {
    let service = start(&fixture::model(&[]));
    for headers in [
        "Content-Length: 2\r\nContent-Length: 40",
        "Content-Length: 2, 2",
        "Content-Length: +2",
        "Content-Length : 40",
        "nonsense\r\nContent-Length: 40",
        "Content-Length: 2\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
    ] {
        let bytes = format!("POST /rooms HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n{{}}POST /rooms HTTP/1.1\r\n\r\n");
        let answer = service.raw(bytes.as_bytes());
        assert_eq!((answer.status, answer.headers["connection"].as_str()), (400, "close"), "{headers}");
        assert!(!answer.text.contains("HTTP/1.1"), "{headers}: {}", answer.text);
    }
    assert_eq!(service.get("/rooms").expect(200)["total"], 0);
}

#[test]
fn a_page_of_another_site_changes_nothing() {
    let service = start(&fixture::model(&[]));
    let send = |method: &str, site: &str| {
        service.send(method, "/rooms", &[("Sec-Fetch-Site", site)], Some("{}".to_owned())).status
    };
    for site in ["cross-site", "same-site"] {
        assert_eq!((send("POST", site), send("GET", site)), (403, 200));
    }
    assert_eq!((send("POST", "same-origin"), send("POST", "none")), (201, 201));
}

#[test]
fn connections_are_kept() {
    let service = start(&fixture::model(&[]));
    let mut stream = TcpStream::connect(("127.0.0.1", service.port)).unwrap();
    for _ in 0..3 {
        stream.write_all(b"POST /rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}").unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !seen.ends_with(b"}") {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "the connection was closed");
            seen.extend(&buffer[..count]);
        }
        assert!(seen.starts_with(b"HTTP/1.1 201"));
    }
}

#[test]
fn ends_on_a_signal_and_keeps_its_data() {
    let mut service = start(&fixture::model(&[]));
    for (count, signal) in [(1, "-TERM"), (2, "-INT"), (3, "-KILL")] {
        assert_eq!(service.post("/rooms", json!({"name": "kept"})).expect(201)["id"], count);
        let begin = std::time::Instant::now();
        let (code, folder) = service.stop(signal);
        assert_eq!(code, (signal != "-KILL").then_some(0));
        assert!(begin.elapsed().as_secs() < 5);
        assert!(folder.path().join("data").is_dir());
        service = start_in(folder);
        assert_eq!(service.get("/rooms").expect(200)["total"], count);
    }
}

#[test]
fn ends_in_the_middle_of_work() {
    let service = start(&fixture::model(&[]));
    let port = service.port;
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let (code, folder, kept) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut kept = 0;
                    while let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                        let request = b"POST /rooms HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
                        let mut answer = Vec::new();
                        if stream.write_all(request).is_ok() && stream.read_to_end(&mut answer).is_ok() {
                            let answer = String::from_utf8_lossy(&answer);
                            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 201"), "{answer}");
                            kept += i64::from(!answer.is_empty());
                        }
                        asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                    kept
                })
            })
            .collect();
        while asked.load(std::sync::atomic::Ordering::Relaxed) < 40 {
            std::thread::yield_now();
        }
        let (code, folder) = service.stop("-TERM");
        let kept: i64 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        (code, folder, kept)
    });
    assert_eq!(code, Some(0));
    assert!(start_in(folder).get("/rooms").expect(200)["total"].as_i64().unwrap() >= kept);
}

#[test]
fn a_new_field_finds_its_place_in_old_data() {
    let mut model = fixture::model(&[]);
    let late = model.entities[0].fields.remove(2);
    let service = start(&model);
    service.post("/rooms", json!({"name": "old"})).expect(201);
    let (_, folder) = service.stop("-TERM");
    model.entities[0].fields.push(late);
    crate::support::write_files(folder.path(), &maestro_service::backend_files(&model));
    let service = start_in(folder);
    assert_eq!(service.patch("/rooms/1", json!({"capacity": 5})).expect(200)["capacity"], 5);
}

#[test]
fn only_one_gets_the_last_place() {
    let service = start(&fixture::model(&[
        json!({"kind": "capacity", "parent": "room", "child": "booking", "via": "room_id", "measure": {"measure": "count"},
            "op": "le", "limit": {"of": "field", "field": "capacity"}}),
        json!({"kind": "unique", "entity": "booking", "fields": ["contact"]}),
    ]));
    service.post("/rooms", json!({"capacity": 2})).expect(201);
    service.post("/bookings", json!({"room_id": 1})).expect(201);
    let race = |body: serde_json::Value| {
        let barrier = Barrier::new(20);
        let mut found: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        service.post("/bookings", body.clone()).status
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        found.sort_unstable();
        assert_eq!(found[..2], [201, 409]);
        assert_eq!(found[19], 409);
    };
    race(json!({"room_id": 1}));
    race(json!({"contact": "the same"}));
}

#[test]
fn entities_may_have_the_names_of_what_is_built_in() {
    let mut model = fixture::model(&[]);
    for (entity, path) in [(0, "health"), (1, "web"), (2, "totals")] {
        model.entities[entity].path = path.to_owned();
    }
    let service = start(&model);
    for path in ["health", "web", "totals"] {
        assert_eq!(service.post(&format!("/{path}"), json!({})).expect(201)["id"], 1);
        assert_eq!(service.get(&format!("/{path}/1")).expect(200)["id"], 1);
        service.get(&format!("/{path}/totals?by=id")).expect(400);
        assert_eq!(service.get(&format!("/{path}")).expect(200)["total"], 1);
    }
}

#[test]
fn roles_may_be_written_in_any_script() {
    let rule = json!({"kind": "action_role", "entity": "room", "action": "create", "roles": ["Prüfer/管理"]});
    let service = start(&fixture::model(&[rule]));
    let send = |role: &str| service.send("POST", "/rooms", &[("X-Role", role)], Some("{}".to_owned())).status;
    assert_eq!((send("prüfer/管理"), send("PRÜ-FER / 管理"), send("prufer")), (201, 201, 403));
}
