use crate::support::{Site, failed};

#[tokio::test(flavor = "multi_thread")]
async fn removes_what_is_meant() {
    let site = Site::with_queues(&["error"]).await;
    site.fail("billing", 10).await;
    site.put("error", failed("other", "shop"), "").await;
    site.run("error purge").await.ends_with_code(2).says(&["--yes"]);
    site.settles("error", 11).await;
    site.run("error purge --source shop --yes").await.ends_with_code(0).says(&["1 message removed"]);
    site.settles("error", 10).await;
    site.run("error purge --yes").await.ends_with_code(0).says(&["10 messages removed"]);
    site.settles("error", 0).await;
    site.run("error purge --yes").await.ends_with_code(0).says(&["0 messages removed"]);
}
