insert into orders (article) values ('ribbon');
