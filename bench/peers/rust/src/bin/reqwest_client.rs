//! reqwest 0.11 on tokio's current-thread runtime, TLS by OpenSSL (native-tls): as many idle connections as requests in
//! flight, TCP_NODELAY, the given root added to the system's, HTTP/1.1 only.

use reqwest::{Certificate, Client, Url};
use rondo_bench_peers::{measure, Load};
use std::rc::Rc;

fn client(load: &Load) -> Client {
    let mut builder = Client::builder().pool_max_idle_per_host(load.concurrency).tcp_nodelay(true).http1_only().no_proxy();
    if let Some(file) = &load.ca_file {
        let pem = std::fs::read(file).expect("the CA file");
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).expect("a certificate"));
    }
    builder.build().expect("a client")
}

async fn request(client: Client, url: Url, load: Rc<Load>) {
    let mut response = client.get(url).send().await.expect("an answer");
    let status = response.status().as_u16();
    if !load.streamed() {
        let body = response.bytes().await.expect("a body");
        return load.check_answer(status, &body);
    }
    let mut length = 0;
    while let Some(piece) = response.chunk().await.expect("a piece") {
        length += piece.len();
    }
    load.check_length(status, length);
}

fn main() {
    let load = Load::from_arguments();
    let url: Url = load.url.parse().expect("a URL");
    measure(&load.clone(), move || {
        let client = client(&load);
        move || request(client.clone(), url.clone(), load.clone())
    });
}
