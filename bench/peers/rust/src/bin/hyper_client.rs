//! hyper 0.14's Client on tokio's current-thread runtime: as many idle connections as requests in flight, TCP_NODELAY,
//! reads of 256 KiB for large bodies.

use hyper::body::HttpBody;
use hyper::client::HttpConnector;
use hyper::{Body, Client, Uri};
use rondo_bench_peers::{measure, Load, COMPARED_UP_TO};
use std::rc::Rc;

fn client(load: &Load) -> Client<HttpConnector> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let mut builder = Client::builder();
    builder.pool_max_idle_per_host(load.concurrency);
    if load.bytes > COMPARED_UP_TO {
        builder.http1_read_buf_exact_size(256 << 10);
    }
    builder.build::<_, Body>(connector)
}

async fn request(client: Client<HttpConnector>, url: Uri, load: Rc<Load>) {
    let mut response = client.get(url).await.expect("an answer");
    let status = response.status().as_u16();
    if !load.streamed() {
        let body = hyper::body::to_bytes(response.into_body()).await.expect("a body");
        return load.check_answer(status, &body);
    }
    let mut length = 0;
    while let Some(piece) = response.body_mut().data().await {
        length += piece.expect("a piece").len();
    }
    load.check_length(status, length);
}

fn main() {
    let load = Load::from_arguments();
    let url: Uri = load.url.parse().expect("a URL");
    measure(&load.clone(), move || {
        let client = client(&load);
        move || request(client.clone(), url.clone(), load.clone())
    });
}
