def names(site):
    return [each["name"] for each in site.listed(f"/pages/{site.page}/elements")["data"]]


def test_an_edit_happens_just_before_its_request(site):
    site.faults("edit@2 hero content=Hello props.size=9 visible=false")
    assert site.send("GET", f"/elements/{site.hero}")[1]["content"] is None
    _, hero = site.send("GET", f"/elements/{site.hero}")
    assert (hero["content"], hero["visible"]) == ("Hello", False)
    assert hero["props"] == {"color": "blue", "size": 9}


def test_an_edit_happens_even_where_the_request_fails(site):
    site.faults("500@1", "edit@1 hero content=Hello")
    assert site.send("GET", f"/elements/{site.hero}")[0] == 500
    assert site.api.designer.get("hero")["content"] == "Hello"


def test_a_designer_adds_deletes_copies_and_moves(site):
    site.faults(
        "add@1 hero name=new type=text",
        "copy@2 title",
        "move@3 new under=index position=0",
        "delete@4 'acme:index#card[2]'",
    )
    before = names(site)
    assert before == ["hero", "title", "card", "card", "new"]
    assert names(site).count("title") == 2
    names(site)
    assert site.api.designer.find("acme:index#new")
    assert names(site).count("card") == 1


def test_an_edit_of_what_is_not_there_is_no_silent_success(site):
    site.faults("delete@1 none")
    status, error = site.send("GET", "/projects")
    assert status == 500
    assert error["message"] == (
        "A fault cannot be done: nothing is called 'none'; an id or an address says which"
    )
