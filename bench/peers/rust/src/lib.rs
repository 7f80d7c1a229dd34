//! What the Rust peers have in common: the command line, the check of a body, and what is printed. See peers/load.hpp.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::time::Instant;

pub const STREAMED_FROM: usize = 16 << 20;
pub const COMPARED_UP_TO: usize = 4096;

pub struct Load {
    pub url: String,
    pub count: usize,
    pub concurrency: usize,
    pub bytes: usize,
    pub ca_file: Option<String>,
    expected: Vec<u8>,
}

impl Load {
    pub fn from_arguments() -> Rc<Load> {
        let arguments: Vec<String> = std::env::args().collect();
        if arguments.len() != 5 && arguments.len() != 6 {
            eprintln!("usage: {} URL COUNT CONCURRENCY BYTES [CA_FILE]", arguments[0]);
            std::process::exit(2);
        }
        let number = |at: usize| arguments[at].parse().expect("a number");
        Rc::new(Load {
            url: arguments[1].clone(),
            count: number(2),
            concurrency: number(3),
            bytes: number(4),
            ca_file: arguments.get(5).cloned(),
            expected: vec![b'x'; COMPARED_UP_TO],
        })
    }

    pub fn streamed(&self) -> bool {
        self.bytes >= STREAMED_FROM
    }

    pub fn check_length(&self, status: u16, length: usize) {
        assert!(status == 200 && length == self.bytes, "a wrong answer");
    }

    pub fn check_answer(&self, status: u16, body: &[u8]) {
        self.check_length(status, body.len());
        assert!(body.len() > COMPARED_UP_TO || body == &self.expected[..body.len()], "a wrong body");
    }
}

fn cpu_seconds() -> f64 {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

async fn run_all<Request, Answer>(concurrency: usize, count: usize, request: &Rc<Request>)
where
    Request: Fn() -> Answer + 'static,
    Answer: Future<Output = ()> + 'static,
{
    let left = Rc::new(Cell::new(count));
    let tasks: Vec<_> = (0..concurrency)
        .map(|_| {
            let (left, request) = (left.clone(), request.clone());
            tokio::task::spawn_local(async move {
                while left.get() > 0 {
                    left.set(left.get() - 1);
                    request().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a request");
    }
}

/// Warms up, measures and prints, on one thread.
pub fn measure<Request, Answer>(load: &Load, make: impl FnOnce() -> Request)
where
    Request: Fn() -> Answer + 'static,
    Answer: Future<Output = ()> + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let request = Rc::new(make());
        run_all(load.concurrency, 2 * load.concurrency, &request).await;
        let (cpu, begun) = (cpu_seconds(), Instant::now());
        run_all(load.concurrency, load.count, &request).await;
        println!("{} {:.6} {:.6}", load.count, cpu_seconds() - cpu, begun.elapsed().as_secs_f64());
    });
}
